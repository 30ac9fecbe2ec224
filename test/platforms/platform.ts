import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages/packed.js';

export const here = join(root, 'test/platforms');
const results = join(here, '.run/results.json');

export const bin = {
  node20: join(here, 'node_modules/node20/bin/node'),
  node22: join(here, 'node_modules/node22/bin/node'),
  node24: join(here, 'node_modules/node24/bin/node'),
  deno: join(here, 'node_modules/@deno/linux-x64-glibc/deno'),
  bun: join(here, 'node_modules/@oven/bun-linux-x64/bin/bun'),
};

/** The version of a package of this install; undefined when it could not be fetched. */
export function versionOf(name: string): string | undefined {
  const file = join(here, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/** Copies an example to where it sees the packed packages and the frameworks of this install; gives its folder. */
export function copyOfExample(name: string, as = name): string {
  const folder = join(here, '.run', as);
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  return folder;
}

export interface Result {
  readonly platform: string;
  /** The line of Node.js that it ran on, where there are several; the table has one row for all of them. */
  readonly node?: number;
  readonly version: string;
  readonly door: string;
  /** How many tests of ours it ran; the table has them in the platform's row. */
  readonly tests?: number;
}

/** Notes what was tested and passed, for the README's table. */
export function passed(result: Result): void {
  const before: Result[] = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : [];
  writeFileSync(results, `${JSON.stringify([...before, result], null, 2)}\n`);
}
