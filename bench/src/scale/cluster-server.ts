import cluster from 'node:cluster';
import { once } from 'node:events';
import { ask, type Usage } from '../http/processes.js';
import { type ServerSetup, startByName } from '../http/servers.js';

/*
 * A process that is a server in so many processes behind one port, as node:cluster makes them; and each of those. It
 * answers what a single server answers, for all of them together.
 */

/** What it is told. */
export interface ClusterSetup extends ServerSetup {
  readonly processes: number;
}

const SETUP = 'BENCH_SETUP';
let stats: () => { received: number; accepted: number } = () => ({ received: 0, accepted: 0 });

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (message: ClusterSetup | 'usage') => {
  if (message !== 'usage') process.send?.({ port: await startAll(message) });
  else process.send?.(cluster.isPrimary ? sum([usage(), ...(await usages())]) : usage());
});
if (cluster.isWorker) process.send?.({ port: await startOne(JSON.parse(process.env[SETUP] ?? '')) });

/** By their environment: a message could come before the module that it is for, and node:cluster keeps none. */
async function startAll(setup: ClusterSetup): Promise<number> {
  const workers = Array.from({ length: setup.processes }, () => cluster.fork({ [SETUP]: JSON.stringify(setup) }));
  const ports = workers.map((worker) => once(worker, 'message').then(([{ port }]) => port as number));
  return (await Promise.all(ports))[0] ?? 0;
}

async function startOne(setup: ServerSetup): Promise<number> {
  const started = await startByName({ ...setup, shared: true });
  stats = started.stats ?? stats;
  return started.port;
}

function usages(): Promise<readonly Usage[]> {
  return Promise.all(
    Object.values(cluster.workers ?? {}).map((worker) => ask<Usage>(worker?.process as never, 'usage')),
  );
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { received, accepted } = stats();
  return { cpuMs: (user + system) / 1000, received, accepted };
}

function sum(all: readonly Usage[]): Usage {
  const total = (what: keyof Usage) => all.reduce((so, one) => so + one[what], 0);
  return { cpuMs: total('cpuMs'), received: total('received'), accepted: total('accepted') };
}
