// Before the package is packed: the examples that `init` writes are the very files of the repository.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = ['../../examples/', 'examples/'].map((path) => new URL(path, import.meta.url));
const made = /(^|[\\/])(node_modules|dist|build|\.(next|astro|svelte-kit|react-router)|package-lock\.json)$/;

rmSync(to, { recursive: true, force: true });
for (const name of readdirSync(from)) {
  if (!existsSync(new URL(join(name, 'package.json'), from))) continue;
  cpSync(new URL(name, from), new URL(name, to), { recursive: true, filter: (path) => !made.test(path) });
}
