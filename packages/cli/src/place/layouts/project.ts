import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { readAtMost } from '../../files/regular-file.js';

const MAX_SOURCE_BYTES = 512 * 1024;

/** A directory above a handler, taken for the root of its project: what its files say. Nothing of them is run. */
export class Project {
  /** The handler's path: absolute, its directory without links. */
  readonly handler: string;
  readonly root: string;
  /** From the root to the handler's directory. */
  readonly directories: readonly string[];
  /** The handler's file name, and that without its last ending. */
  readonly file: string;
  readonly stem: string;
  /** Lower-case, with the dot. */
  readonly extension: string;
  readonly #texts = new Map<string, string | undefined>();

  constructor(root: string, handler: string) {
    this.root = root;
    this.handler = handler;
    this.directories = relative(root, dirname(handler))
      .split(sep)
      .filter((one) => one !== '');
    this.file = basename(handler);
    this.extension = extname(handler).toLowerCase();
    this.stem = basename(handler, extname(handler));
  }

  get source(): string {
    return this.read(relative(this.root, this.handler)) ?? '';
  }

  /** JavaScript or TypeScript. */
  get isScript(): boolean {
    return /^\.[cm]?[jt]sx?$/.test(this.extension);
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  hasFile(name: string): boolean {
    return statOf(this.path(name))?.isFile() ?? false;
  }

  hasDirectory(name: string): boolean {
    return statOf(this.path(name))?.isDirectory() ?? false;
  }

  /** The text of a file below the root; undefined when there is none, or a very large one. */
  read(name: string): string | undefined {
    if (!this.#texts.has(name)) this.#texts.set(name, textOf(this.path(name)));
    return this.#texts.get(name);
  }

  /** The first of these files that is there. */
  first(names: readonly string[]): { name: string; text: string } | undefined {
    for (const name of names) {
      const text = this.read(name);
      if (text !== undefined) return { name, text };
    }
    return undefined;
  }

  /** The version range that package.json asks for. */
  dependency(name: string): string | undefined {
    const manifest = parsed(this.read('package.json'));
    for (const group of ['dependencies', 'devDependencies', 'peerDependencies']) {
      const range = (manifest?.[group] as Record<string, unknown> | undefined)?.[name];
      if (typeof range === 'string') return range;
    }
    return undefined;
  }

  /** What composer.json says. */
  get composer(): Record<string, unknown> | undefined {
    return parsed(this.read('composer.json'));
  }
}

/** Every directory above a handler as a project, the nearest first. */
export function projectsOf(handler: string): Project[] {
  const projects: Project[] = [];
  for (let at = dirname(handler), i = 0; i < 64; at = dirname(at), i++) {
    projects.push(new Project(at, handler));
    if (dirname(at) === at) break;
  }
  return projects;
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text?.replace(/^\ufeff/, '') ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

function textOf(path: string): string | undefined {
  try {
    if (!statOf(path)?.isFile()) return undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!fstatSync(file).isFile()) return undefined;
      const bytes = readAtMost(file, MAX_SOURCE_BYTES + 1);
      return bytes.length > MAX_SOURCE_BYTES ? undefined : bytes.toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
