// On a runtime with files and processes: runs bundled suites in this one process, and writes what each test came to.
// run-bundles.mjs <file for the outcomes> <bundle>...
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { runSuites } from './run-suites.mjs';

const [, , result, ...bundles] = process.argv;
const require = createRequire(import.meta.url);
const unhandled = [];
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (error) => unhandled.push(String(error?.stack ?? error)));

const suites = [];
for (const bundle of bundles) {
  const { default: evaluate, name } = await import(pathToFileURL(bundle).href);
  suites.push({ name, evaluate: (vitest) => evaluate((id) => (id === 'vitest' ? vitest : require(id))) });
}
// A time limit of the runner's does not keep a process that waits for nothing else.
setInterval(() => {}, 60_000);
const outcomes = await runSuites(suites);
writeFileSync(result, JSON.stringify({ outcomes, unhandled }));
// As vitest does: what a test has left open must not keep the process.
process.exit();
