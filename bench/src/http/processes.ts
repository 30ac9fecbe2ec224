import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReport } from './load.js';
import type { ServerName } from './servers.js';

/** What a server tells of itself. */
export interface Usage {
  /** Processor time since its start. */
  readonly cpuMs: number;
  /** The same once memory was collected for this report: what is measured from here on begins with it. */
  readonly cpuFromMs: number;
  readonly rssMiB: number;
  /** Calls that our pipeline saw, and those it accepted as new; 0 for the others. */
  readonly received: number;
  readonly accepted: number;
}

/** A server that is running. */
export interface RunningServer {
  readonly name: string;
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): void;
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Whether servers and load have a core each. */
export const pinned = canPin;

/** Starts a server on the first core. */
export async function startServer(name: ServerName, setup: object, cores = '0'): Promise<RunningServer> {
  const child = startProcess(new URL('server.js', import.meta.url), cores);
  const { port } = await ask<{ port: number }>(child, { name, ...setup });
  return { name, port, usage: () => ask<Usage>(child, 'usage'), stop: () => child.kill('SIGKILL') };
}

/** Starts the load on the second core. */
export function startLoad(): { order(order: LoadOrder): Promise<LoadReport>; stop(): void } {
  const child = startProcess(new URL('load.js', import.meta.url), '1');
  return { order: (order) => ask<LoadReport>(child, order), stop: () => child.kill('SIGKILL') };
}

/** Starts a process on these cores. */
export function startProcess(file: URL, cores: string): ChildProcess {
  const module = fileURLToPath(file);
  const options = { execArgv: ['--expose-gc'] };
  if (!canPin) return fork(module, options);
  return fork(module, { ...options, execPath: 'taskset', execArgv: ['-c', cores, process.execPath, '--expose-gc'] });
}

/** One question, one answer. */
export function ask<T>(child: ChildProcess, question: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`A process of the bench ended (${code}).`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer as T);
    });
    child.send(question);
  });
}
