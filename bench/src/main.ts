import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describeMachine } from './machine.js';
import { type PartName, readOptions } from './options.js';
import { writePage } from './page.js';
import { benchFolder } from './peers.js';
import { printed } from './printed.js';
import type { Table } from './table.js';

/** Each part is loaded when it runs, so that none of them measures what another one loaded. */
const parts: Record<PartName, (seconds: number, millions: number) => Promise<readonly Table[]>> = {
  verify: async (seconds) => (await import('./verify/part.js')).verifyPart(seconds),
  decode: async (seconds) => (await import('./decode/part.js')).decodePart(seconds),
  replay: async (seconds) => (await import('./replay/part.js')).replayPart(seconds),
  startup: async (seconds) => (await import('./startup/part.js')).startupPart(seconds),
  http: async (seconds) => (await import('./http/part.js')).httpPart(seconds),
  inbox: async (seconds) => (await import('./inbox/part.js')).inboxPart(seconds),
  scale: async (seconds) => (await import('./scale/part.js')).scalePart(seconds),
  memory: async (seconds, millions) => (await import('./memory/part.js')).memoryPart(seconds, millions),
};

try {
  const options = readOptions(process.argv.slice(2));
  if (options.install) installPeers();
  const machine = describeMachine();
  const tables: Table[] = [];
  const started = performance.now();
  for (const name of options.parts) {
    const done = await parts[name](options.seconds, options.millions);
    tables.push(...done);
    if (!options.json) for (const table of done) process.stdout.write(`${printed(table)}\n`);
  }
  const minutes = (performance.now() - started) / 60_000;
  if (options.json) process.stdout.write(`${JSON.stringify({ machine, seconds: options.seconds, tables }, null, 2)}\n`);
  else process.stdout.write(`${machine.join('; ')}. It took ${minutes.toFixed(1)} minutes.\n`);
  if (options.whole) writePage(tables, machine, options.seconds, minutes);
} catch (error) {
  process.stderr.write(`${error instanceof TypeError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
// What a part that failed has left running must not keep this process: the others end with it.
if (process.exitCode === 1) process.exit();

/** The peers have a package and a lock file of their own: who only uses or builds this never downloads them. */
function installPeers(): void {
  if (existsSync(`${benchFolder}node_modules/.package-lock.json`)) return;
  process.stderr.write('Installing the peers to compare with, into bench/node_modules …\n');
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: benchFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) process.stderr.write('They could not be installed; going on without them.\n');
}
