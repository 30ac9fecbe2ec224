import { closeSync, constants, fstatSync, fsyncSync, lstatSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { impossible } from '../failure.js';

/** Linux: names a directory without rights to list it. Not among Node's constants. */
const O_PATH = 0o10000000;

/** On Linux names are looked up under the open directory itself, wherever its path leads meanwhile. */
const throughProc = process.platform === 'linux' && isThere('/proc/self/fd');

/**
 * A directory that is held on to: a name in it means a file of this very directory, also when its path is swapped for a
 * link meanwhile. Linux sees to that through `/proc/self/fd`; elsewhere the directory's identity is compared before
 * each use, which leaves an instant.
 */
export class OpenDirectory {
  /** Absolute, without links, as it was when it was opened. */
  readonly path: string;
  readonly #file: number | undefined;
  readonly #identity: string;

  private constructor(path: string, file: number | undefined) {
    this.path = path;
    this.#file = file;
    this.#identity = identityOf(path, file);
  }

  /** Opens a directory that the user named; links on the way to it are followed, once. @throws the system's error. */
  static named(path: string): OpenDirectory {
    if (!throughProc) return OpenDirectory.#checked(realpathSync(path));
    const file = openSync(path, O_PATH | constants.O_DIRECTORY);
    return new OpenDirectory(readlinkSync(`/proc/self/fd/${file}`), file);
  }

  /** Opens a directory in this one; never through a link. @throws the system's error; `ENOTDIR` for a link. */
  enter(name: string): OpenDirectory {
    const path = join(this.path, name);
    if (!throughProc) {
      this.at(name);
      return OpenDirectory.#checked(path);
    }
    return new OpenDirectory(path, openSync(this.at(name), O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW));
  }

  static #checked(path: string): OpenDirectory {
    const stats = lstatSync(path);
    if (!stats.isDirectory()) throw Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR' });
    return new OpenDirectory(path, undefined);
  }

  /** What to give to the system for a name in this directory; for the directory itself without a name. */
  at(name = ''): string {
    if (this.#file !== undefined) return `/proc/self/fd/${this.#file}/${name}`;
    if (identityOf(this.path, undefined) !== this.#identity) {
      throw impossible('ERR_DIRECTORY_SWAPPED', `${this.path} was swapped for another directory meanwhile.`);
    }
    return join(this.path, name);
  }

  /** Sees to it that names that were made are on the disk, as far as the system allows. */
  flush(): void {
    try {
      const file = openSync(this.at(), constants.O_RDONLY);
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // Directories cannot be flushed everywhere, nor opened without the right to list them; the file itself was.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

function identityOf(path: string, file: number | undefined): string {
  const { dev, ino } = file === undefined ? lstatSync(path) : fstatSync(file);
  return `${dev} ${ino}`;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
