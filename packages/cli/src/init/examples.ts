import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodes, Failure } from '../failure.js';

const fromBuilt = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * As seen from the built file: beside the installed command; in the repository, where its sources are, at the root. There
 * a copy that the last packing left would be stale.
 */
const folder = fromBuilt(existsSync(fromBuilt('../src/')) ? '../../../examples/' : '../examples/');

/** One file of an example. */
export interface ExampleFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly content: Buffer;
}

/** What is not written by hand. */
const made = new Set([
  'node_modules',
  'dist',
  'build',
  'package-lock.json',
  '.next',
  '.astro',
  '.svelte-kit',
  '.react-router',
]);

/** The names of the examples. @throws Failure, exit 3, when they are not there. */
export async function exampleNames(): Promise<string[]> {
  const root = examplesFolder();
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'package.json')))
    .map((entry) => entry.name)
    .sort();
}

/** The files of an example, one of {@link exampleNames}. */
export async function exampleFiles(name: string): Promise<ExampleFile[]> {
  const root = join(examplesFolder(), name);
  const files: ExampleFile[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (made.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push({ path, content: await readFile(join(root, path)) });
    }
  };
  await visit('');
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function examplesFolder(): string {
  if (existsSync(folder)) return folder;
  throw new Failure(exitCodes.impossible, 'ERR_EXAMPLES', 'The examples are not installed with this command.');
}
