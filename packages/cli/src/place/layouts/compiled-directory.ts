import { dirname, join, relative, resolve, sep } from 'node:path';
import { question } from './layout.js';
import { Project } from './project.js';
import { scriptText } from './script-text.js';

/** Where the module runs. */
export interface ModuleDirectory {
  readonly directory: string;
  /** The directory that the compiler writes to, and that a clean build removes. */
  readonly output: string | undefined;
}

interface CompilerPaths {
  readonly outDir?: string;
  readonly rootDir?: string;
  readonly include?: readonly string[];
  readonly noEmit?: boolean;
}

/**
 * The directory of a module when it runs: its own, and for TypeScript that of what the compiler makes of it.
 *
 * @throws Failure: a question, when tsconfig.json does not tell where that is.
 */
export function moduleDirectory(project: Project): ModuleDirectory {
  const own = dirname(project.handler);
  if (!/^\.[cm]?tsx?$/.test(project.extension)) return { directory: own, output: undefined };
  const paths = compilerPaths(project.root, 'tsconfig.json', 4);
  const { outDir } = paths;
  // Run as it is, by a loader or by Node itself.
  if (outDir === undefined || paths.noEmit === true) return { directory: own, output: undefined };
  const compiled = (root: string) => join(outDir, relative(root, own));
  if (paths.rootDir !== undefined) return { directory: compiled(paths.rootDir), output: outDir };
  const [only, ...others] = paths.include ?? [];
  const included =
    only === undefined || others.length > 0 ? undefined : /^(?:\.\/)?([\w-]+)(?:\/(?:\*\*.*)?)?$/.exec(only)?.[1];
  if (included !== undefined && project.directories[0] === included) {
    return { directory: compiled(project.path(included)), output: outDir };
  }
  return unsure(project, outDir, compiled);
}

/** Without rootDir the compiler takes what all sources have in common; what it has made so far tells. */
function unsure(project: Project, outDir: string, compiled: (root: string) => string): ModuleDirectory {
  const [first] = project.directories;
  const places = [compiled(project.root), ...(first === undefined ? [] : [compiled(project.path(first))])];
  const output = project.stem + project.extension.replace('t', 'j').replace('jsx', 'js');
  const made = places.filter((place) => new Project(place, join(place, output)).hasFile(output));
  const [only = places[0]] = made.length > 0 ? made : places;
  if ((made.length === 1 || places.length === 1) && only !== undefined) return { directory: only, output: outDir };
  throw question(
    'ERR_UNSURE_DIRECTORY',
    'tsconfig.json does not say where the compiled module will be (rootDir), and there is none yet to tell.',
    'Build first, or name the directory: --directory <directory>.',
    places.map((directory) => ({ directory, why: 'the compiled module may be here' })),
  );
}

/** What tsconfig.json says about directories, made absolute; also through `extends`, where that is a path. */
function compilerPaths(folder: string, file: string, depth: number): CompilerPaths {
  const text = new Project(folder, join(folder, file)).read(file);
  if (text === undefined || depth === 0) return {};
  let config: { extends?: unknown; include?: unknown; compilerOptions?: Record<string, unknown> };
  try {
    config = JSON.parse(scriptText(text).plain.replace(/,(\s*[}\]])/g, '$1')) as typeof config;
  } catch {
    return {};
  }
  const base = typeof config.extends === 'string' && config.extends.startsWith('.') ? config.extends : undefined;
  const inherited = base === undefined ? {} : extended(folder, base, depth);
  const { outDir, rootDir, noEmit } = config.compilerOptions ?? {};
  return {
    ...inherited,
    ...(typeof outDir === 'string' && { outDir: resolve(folder, outDir) }),
    ...(typeof rootDir === 'string' && { rootDir: resolve(folder, rootDir) }),
    ...(typeof noEmit === 'boolean' && { noEmit }),
    ...(Array.isArray(config.include) && { include: config.include.filter((one) => typeof one === 'string') }),
  };
}

function extended(folder: string, base: string, depth: number): CompilerPaths {
  const path = resolve(folder, base.endsWith('.json') ? base : `${base}.json`);
  return compilerPaths(dirname(path), path.slice(path.lastIndexOf(sep) + 1), depth - 1);
}
