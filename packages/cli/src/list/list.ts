import { type Dirent, lstatSync, opendirSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type CallbackUrl, readCallbackUrl } from '../callback-url.js';
import { color } from '../color.js';
import { impossible } from '../failure.js';
import { systemCode, systemFailure } from '../files/system-failure.js';
import { terminalJson, visibleText } from '../terminal-text.js';
import { isVerificationName } from '../verification-name.js';

export interface ListOptions {
  readonly url?: string;
  readonly json?: true;
}

/** An entry of `files`. */
interface Found {
  readonly path: string;
  readonly url: string | null;
  readonly bytes: number;
  /** When it was changed last, ISO 8601. */
  readonly modified: string;
}

/** Lists the verification files below a directory. @throws Failure when that cannot be read. */
export async function list(directory: string, options: ListOptions): Promise<void> {
  const callback = options.url === undefined ? undefined : readCallbackUrl('--url', options.url);
  const root = rootOf(resolve(directory));
  const warnings: string[] = [];
  const files = [...filesBelow(root, warnings)].sort().flatMap((path): Found[] => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return [];
    return [{ path, url: urlOf(callback, root, path), bytes: stats.size, modified: stats.mtime.toISOString() }];
  });
  if (options.json) {
    process.stdout.write(`${terminalJson({ ok: true, directory: root, files, warnings })}\n`);
    return;
  }
  const lines = files.map(
    ({ path, url, bytes }) => `${visibleText(path)}  ${bytes} bytes${url === null ? '' : `  ${color.bold(url)}`}`,
  );
  if (lines.length === 0) lines.push(`There is no smtpeter-….txt below ${visibleText(root)}.`);
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${visibleText(warning)}\n`);
}

function rootOf(path: string): string {
  try {
    const root = realpathSync(path);
    if (!lstatSync(root).isDirectory()) throw impossible('ERR_NOT_A_DIRECTORY', `${path} is not a directory.`);
    return root;
  } catch (error) {
    if (systemCode(error).startsWith('ERR_')) throw error;
    throw systemFailure('list', path, error);
  }
}

/** Directories are read one entry at a time: they may be very large. */
function* filesBelow(root: string, warnings: string[]): Generator<string> {
  const todo = [root];
  for (let directory = todo.pop(); directory !== undefined; directory = todo.pop()) {
    try {
      const open = opendirSync(directory);
      try {
        for (let entry: Dirent | null = open.readSync(); entry !== null; entry = open.readSync()) {
          if (entry.isDirectory()) todo.push(join(directory, entry.name));
          else if (entry.isFile() && isVerificationName(entry.name)) yield join(directory, entry.name);
        }
      } finally {
        open.closeSync();
      }
    } catch (error) {
      if (directory === root) throw systemFailure('list', root, error);
      if (systemCode(error) !== 'ENOENT') warnings.push(systemFailure('list', directory, error).message);
    }
  }
}

function urlOf(callback: CallbackUrl | undefined, root: string, path: string): string | null {
  if (callback === undefined) return null;
  const names = relative(root, path).split(sep).map(encodeURIComponent);
  return new URL(`/${names.join('/')}`, callback.url).href;
}
