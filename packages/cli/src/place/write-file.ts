import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { impossible } from '../failure.js';
import { type ExistingFile, existingFile, letAllRead } from '../files/existing-file.js';
import { removeLitter, temporaryName } from '../files/litter.js';
import type { OpenDirectory } from '../files/open-directory.js';
import { systemCode, systemFailure } from '../files/system-failure.js';

/** How it ended. `conflict`: other content is there, and was left alone. */
export interface Written {
  readonly action: 'created' | 'unchanged' | 'replaced' | 'conflict';
  /** The digest of the other content that is, or was, there. */
  readonly existingSha256?: string | null;
  /** The permission bits of before, when nobody else could read the file, and now everyone can. */
  readonly mendedMode?: number;
}

/** The two ways to give a finished file its name; a test puts a file system without links in place. */
export interface Naming {
  readonly link: (from: string, to: string) => void;
  readonly rename: (from: string, to: string) => void;
}

const TRIES = 5;
/** What systems say that have no hard links: FAT, some network and user-space file systems. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/**
 * Writes a file whole, or not at all: under another name, flushed, and then linked to its name, which never overwrites.
 * Where there are no links it is renamed instead, after a look that nothing is there: the file is still never seen in
 * part, yet a file that someone else makes in that very instant is overwritten.
 *
 * @param force - replaces a file of other content, in one step.
 * @throws Failure
 */
export function writeFile(
  directory: OpenDirectory,
  name: string,
  bytes: Buffer,
  force: boolean,
  naming: Naming = { link: linkSync, rename: renameSync },
): Written {
  removeLitter(directory);
  for (let i = 0; i < TRIES; i++) {
    const existing = existingFile(directory, name, bytes);
    if (existing?.same === true) return unchanged(directory, name, existing);
    if (existing !== undefined && !force) return { action: 'conflict', existingSha256: existing.sha256 };
    const temporary = temporaryName();
    try {
      writeTemporary(directory, temporary, bytes);
      if (existing !== undefined) {
        naming.rename(directory.at(temporary), directory.at(name));
        directory.flush();
        return { action: 'replaced', existingSha256: existing.sha256 };
      }
      if (nameNew(directory, temporary, name, naming)) {
        directory.flush();
        return { action: 'created' };
      }
    } catch (error) {
      if (systemCode(error).startsWith('ERR_')) throw error;
      throw systemFailure('write', join(directory.path, name), error);
    } finally {
      remove(directory, temporary);
    }
    // Another file has come to be there meanwhile: look at that one.
  }
  throw impossible('ERR_BUSY', `${join(directory.path, name)} comes and goes: something else works on it.`);
}

/** What would happen, without doing it. @throws Failure when it would not work, as far as can be told. */
export function lookAhead(directory: OpenDirectory, name: string, bytes: Buffer, force: boolean): Written {
  const existing = existingFile(directory, name, bytes);
  if (existing?.same === true) return { action: 'unchanged', ...(isClosed(existing) && { mendedMode: existing.mode }) };
  if (existing !== undefined && !force) return { action: 'conflict', existingSha256: existing.sha256 };
  try {
    accessSync(directory.at(), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw systemFailure('write', join(directory.path, name), error);
  }
  return existing === undefined ? { action: 'created' } : { action: 'replaced', existingSha256: existing.sha256 };
}

function unchanged(directory: OpenDirectory, name: string, existing: ExistingFile): Written {
  if (!isClosed(existing)) return { action: 'unchanged' };
  try {
    letAllRead(directory, name);
  } catch (error) {
    throw systemFailure('let the web server read', join(directory.path, name), error);
  }
  return { action: 'unchanged', mendedMode: existing.mode };
}

/** Neither its group nor others can read it. */
function isClosed({ mode }: ExistingFile): boolean {
  return process.platform !== 'win32' && (mode & 0o044) === 0;
}

function writeTemporary(directory: OpenDirectory, temporary: string, bytes: Buffer): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
  const file = openSync(directory.at(temporary), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    try {
      fchmodSync(file, 0o644);
    } catch (error) {
      // File systems without permissions: what they show is not ours to say.
      if (!noLinks.has(systemCode(error))) throw error;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** False when something has the name already. */
function nameNew(directory: OpenDirectory, temporary: string, name: string, naming: Naming): boolean {
  try {
    naming.link(directory.at(temporary), directory.at(name));
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!noLinks.has(systemCode(error))) throw error;
  }
  if (isThere(directory, name)) return false;
  naming.rename(directory.at(temporary), directory.at(name));
  return true;
}

function isThere(directory: OpenDirectory, name: string): boolean {
  try {
    lstatSync(directory.at(name));
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function remove(directory: OpenDirectory, name: string): void {
  try {
    unlinkSync(directory.at(name));
  } catch {
    // It has its real name by now, or was never made.
  }
}
