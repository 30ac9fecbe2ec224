import { createHash } from 'node:crypto';
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { refused } from '../failure.js';
import type { OpenDirectory } from './open-directory.js';
import { kindOf, readAtMost } from './regular-file.js';
import { systemCode, systemFailure } from './system-failure.js';

/** What stands at a name already. */
export interface ExistingFile {
  readonly same: boolean;
  /** Lower-case hex; null for a file that is too large to read for that, over 64 MiB. */
  readonly sha256: string | null;
  /** The permission bits. */
  readonly mode: number;
}

const MAX_DIGEST_BYTES = 64 * 1024 * 1024;

const ofLinks = {
  write: { rule: 'Nothing is written through it, nor over it.', hint: 'Remove it first.' },
  remove: { rule: 'Only files are removed, no links.', hint: 'If it is not needed, remove it yourself, with rm.' },
} as const;

/** Compares the file of a name with bytes; undefined when there is none. @throws Failure for anything but a file. */
export function existingFile(
  directory: OpenDirectory,
  name: string,
  bytes: Buffer,
  purpose: keyof typeof ofLinks = 'write',
): ExistingFile | undefined {
  const path = join(directory.path, name);
  try {
    const stats = lstatSync(directory.at(name));
    const kind = kindOf(stats);
    if (kind === 'a link') {
      throw refused('ERR_PLACE_LINK', `${path} is a link. ${ofLinks[purpose].rule}`, ofLinks[purpose].hint);
    }
    if (kind !== undefined) throw refused('ERR_PLACE_KIND', `${path} is there, and is ${kind}.`);
    return { ...compare(openReadable(directory, name, stats), bytes), mode: stats.mode & 0o7777 };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    if (code !== '' && !code.startsWith('ERR_')) throw systemFailure('read what is at', path, error);
    throw error;
  }
}

/** Lets everyone read the file of a name. @throws the system's error. */
export function letAllRead(directory: OpenDirectory, name: string): void {
  if (!lstatSync(directory.at(name)).isSymbolicLink()) chmodSync(directory.at(name), 0o644);
}

/** One's own file may be closed to oneself: it is opened for the time of reading. */
function openReadable(directory: OpenDirectory, name: string, stats: { uid: number; mode: number }): number {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  try {
    return openSync(directory.at(name), flags);
  } catch (error) {
    if (systemCode(error) !== 'EACCES' || stats.uid !== process.getuid?.()) throw error;
  }
  const before = stats.mode & 0o7777;
  chmodSync(directory.at(name), before | 0o400);
  try {
    return openSync(directory.at(name), flags);
  } finally {
    chmodSync(directory.at(name), before);
  }
}

function compare(file: number, bytes: Buffer): Pick<ExistingFile, 'same' | 'sha256'> {
  try {
    const { size } = fstatSync(file);
    if (size === bytes.length) {
      const found = readAtMost(file, bytes.length + 1);
      return { same: found.equals(bytes), sha256: sha256Of(found) };
    }
    return { same: false, sha256: size > MAX_DIGEST_BYTES ? null : digestOf(file) };
  } finally {
    closeSync(file);
  }
}

function digestOf(file: number): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(65_536);
  let read = 0;
  while (read <= MAX_DIGEST_BYTES) {
    const count = readSync(file, buffer, 0, buffer.length, null);
    if (count === 0) break;
    hash.update(buffer.subarray(0, count));
    read += count;
  }
  return hash.digest('hex');
}

/** SHA-256 in lower-case hex. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
