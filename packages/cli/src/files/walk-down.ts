import { accessSync, chmodSync, constants, lstatSync, mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { impossible, refused } from '../failure.js';
import { OpenDirectory } from './open-directory.js';
import { kindOf } from './regular-file.js';
import { systemCode, systemFailure } from './system-failure.js';

/** Where a walk ended. */
export interface Walk {
  /** The directory; the last one that is there, when the rest is missing and was not to be made. */
  readonly directory: OpenDirectory;
  /** The whole way, also where it is not there yet. */
  readonly path: string;
  /** False when directories are missing. */
  readonly complete: boolean;
  /** Absolute paths of the directories that were made, or would have to be. */
  readonly missing: readonly string[];
  /** Removes the directories that were made, where nothing is in them. Before it is closed. */
  undo(): void;
  close(): void;
}

const MAX_LINKS = 40;

/** What to do about directories that are missing: make them, tell whether they could be made, or just say so. */
export type Missing = 'make' | 'plan' | 'look';

/**
 * Walks from a directory that the user named down to one below it. What is made there has mode 0755. A link
 * on the way is followed when it leads to a place below the start, and refused when it leads out.
 *
 * @throws Failure: refused for a link or something else that is no directory, impossible when the system refuses.
 */
export function walkDown(start: string, segments: readonly string[], mode: Missing): Walk {
  const root = openStart(start);
  const way = new Way(root);
  const todo = [...segments];
  let links = 0;
  try {
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      if (way.enter(name)) continue;
      const kind = way.kindOf(name);
      if (kind === 'a link') {
        if (++links > MAX_LINKS) throw refused('ERR_LINK_LOOP', `The links below ${root.path} lead in a circle.`);
        todo.unshift(...insideOf(root, way.here, name));
        way.restart();
      } else if (kind !== undefined) {
        throw refused('ERR_PLACE_KIND', `${join(way.here.path, name)} is ${kind}, not a directory.`);
      } else if (mode === 'make') {
        way.make(name);
      } else {
        return missing(way, [name, ...todo], mode);
      }
    }
    return {
      directory: way.here,
      path: way.here.path,
      complete: true,
      missing: way.made,
      undo: () => way.undo(),
      close: () => way.close(),
    };
  } catch (error) {
    way.undo();
    way.close();
    throw error;
  }
}

function openStart(start: string): OpenDirectory {
  try {
    return OpenDirectory.named(start);
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') throw impossible('ERR_NOT_A_DIRECTORY', `${start} is not a directory.`);
    if (systemCode(error) !== 'ENOENT') throw systemFailure('open the directory', start, error);
    const hint = 'Only what lies below it is made: build the project, or make it first.';
    throw systemFailure('open the directory', start, error, { hint });
  }
}

function missing(way: Way, names: readonly string[], mode: Missing): Walk {
  const paths = names.map((_, i) => join(way.here.path, ...names.slice(0, i + 1)));
  try {
    if (mode === 'plan') accessSync(way.here.at(), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw systemFailure('make a directory in', way.here.path, error);
  }
  return {
    directory: way.here,
    path: paths.at(-1) ?? way.here.path,
    complete: false,
    missing: paths,
    undo() {},
    close: () => way.close(),
  };
}

/** Where a link below the root leads to, as names below the root. @throws Failure when it leads out, or nowhere. */
function insideOf(root: OpenDirectory, here: OpenDirectory, name: string): string[] {
  const link = join(here.path, name);
  let real: string;
  try {
    real = realpathSync.native(here.at(name));
  } catch {
    throw refused('ERR_LINK_OUT', `${link} is a link that leads nowhere.`);
  }
  const inside = relative(root.path, real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || join(root.path, inside) !== real) {
    throw refused('ERR_LINK_OUT', `${link} is a link that leads out of ${root.path}.`, 'Name the place it leads to.');
  }
  return inside.split(sep).filter((segment) => segment !== '');
}

/** The directories that are open on the way. */
class Way {
  readonly made: string[] = [];
  readonly #makers: { readonly parent: OpenDirectory; readonly name: string }[] = [];
  readonly #root: OpenDirectory;
  readonly #open: OpenDirectory[] = [];
  here: OpenDirectory;

  constructor(root: OpenDirectory) {
    this.#root = root;
    this.here = root;
  }

  /** False when there is no directory of this name, or something else. */
  enter(name: string): boolean {
    try {
      this.#step(this.here.enter(name));
      return true;
    } catch (error) {
      const code = systemCode(error);
      // ELOOP and EMLINK are other systems' words for a link that is not followed.
      if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK'].includes(code)) return false;
      throw systemFailure('open the directory', join(this.here.path, name), error);
    }
  }

  kindOf(name: string): string | undefined {
    try {
      const stats = lstatSync(this.here.at(name));
      return stats.isFile() ? 'a file' : kindOf(stats);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw systemFailure('look at', join(this.here.path, name), error);
    }
  }

  make(name: string): void {
    const path = join(this.here.path, name);
    try {
      mkdirSync(this.here.at(name), 0o755);
    } catch (error) {
      // Another run was faster.
      if (systemCode(error) === 'EEXIST' && this.enter(name)) return;
      throw systemFailure('make the directory', path, error);
    }
    this.#makers.push({ parent: this.here, name });
    this.made.push(path);
    if (!this.enter(name)) throw refused('ERR_LINK_OUT', `${path} was swapped for something else meanwhile.`);
    chmodSync(this.here.at(), 0o755);
  }

  restart(): void {
    this.here = this.#root;
  }

  /** Takes away what was made, when it came to nothing. */
  undo(): void {
    for (const { parent, name } of this.#makers.reverse()) {
      try {
        rmdirSync(parent.at(name));
      } catch {
        // Something is in it already, or it is gone.
      }
    }
  }

  close(): void {
    for (const directory of [this.#root, ...this.#open]) directory.close();
  }

  #step(directory: OpenDirectory): void {
    this.#open.push(directory);
    this.here = directory;
  }
}
