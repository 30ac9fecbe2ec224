import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { refused } from '../failure.js';
import { systemFailure } from './system-failure.js';

/** The largest file that is taken for a verification file: 64 KiB. */
export const MAX_FILE_BYTES = 65_536;

/** Windows has neither. */
const { O_NONBLOCK = 0, O_NOCTTY = 0 } = constants;

/**
 * Reads a small regular file, through links if need be. Pipes, devices and directories are refused unopened, and one
 * that takes the file's place meanwhile does not make it wait.
 *
 * @throws Failure: refused for its kind or its size, impossible when it cannot be read.
 */
export function readRegularFile(path: string, maxBytes = MAX_FILE_BYTES): Buffer {
  refuseOtherKinds(
    path,
    attempt(path, () => statSync(path)),
  );
  const file = attempt(path, () => openSync(path, constants.O_RDONLY | O_NONBLOCK | O_NOCTTY));
  try {
    refuseOtherKinds(path, fstatSync(file));
    const bytes = attempt(path, () => readAtMost(file, maxBytes + 1));
    if (bytes.length > maxBytes) {
      throw refused('ERR_TOO_LARGE', `${path} is too large for a verification file: over ${maxBytes} bytes.`);
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Reads from the start until the end, or until so many bytes are there. */
export function readAtMost(file: number, maxBytes: number): Buffer {
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const count = readSync(file, buffer, length, maxBytes - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function refuseOtherKinds(path: string, stats: Stats): void {
  const kind = kindOf(stats);
  if (kind !== undefined) throw refused('ERR_FILE_KIND', `${path} is ${kind}, not a regular file.`);
}

/** What a file is when it is not a regular one. */
export function kindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw systemFailure('read', path, error);
  }
}
