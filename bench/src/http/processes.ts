import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReport } from './load.js';
import type { ServerName } from './servers.js';
import type { Setup } from './setup.js';

/** What a server tells of itself. */
export interface Usage {
  /** Processor time since its start. */
  readonly cpuMs: number;
  /** Calls that our pipeline saw, and those it accepted as new; 0 for the others. */
  readonly received: number;
  readonly accepted: number;
}

/** A server that is running. */
export interface RunningServer {
  readonly name: string;
  readonly port: number;
  usage(): Promise<Usage>;
  /**
   * Its resident size, garbage collected. Not to be asked between measurements: what V8 throws away when it is told to
   * collect, code that it had made fast included, takes it thousands of calls to make again.
   */
  rssMiB(): Promise<number>;
  stop(): void;
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Whether servers and load have a core each. */
export const pinned = canPin;

/** Starts a server on the first core. */
export async function startServer(name: ServerName, setup: Setup): Promise<RunningServer> {
  const child = startProcess(new URL('server.js', import.meta.url), '0');
  const { port } = await ask<{ port: number }>(child, { name, ...setup });
  return {
    name,
    port,
    usage: () => ask<Usage>(child, 'usage'),
    rssMiB: async () => (await ask<{ rssMiB: number }>(child, 'memory')).rssMiB,
    stop: () => child.kill('SIGKILL'),
  };
}

/** Starts the load on the second core. */
export function startLoad(): { order(order: LoadOrder): Promise<LoadReport>; stop(): void } {
  const child = startProcess(new URL('load.js', import.meta.url), '1');
  return { order: (order) => ask<LoadReport>(child, order), stop: () => child.kill('SIGKILL') };
}

/** Starts a module on some cores, written as taskset takes them. */
export function startProcess(url: URL, cores: string): ChildProcess {
  const module = fileURLToPath(url);
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
