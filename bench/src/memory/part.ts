import { makeCalls } from '../calls.js';
import { ask, startLoad, startProcess } from '../http/processes.js';
import type { ServerName } from '../http/servers.js';
import { setupFor } from '../http/setup.js';
import { wire } from '../http/wire.js';
import type { Row, Table } from '../table.js';
import type { MemoryOrder, Weight } from './process.js';

/** Calls that each server takes over sockets before it is weighed. */
const OVER_SOCKETS = 20_000;

/** What a process weighs after so many million calls, and whether its heap grows with its age. */
export async function memoryPart(seconds: number, millions: number): Promise<readonly Table[]> {
  const count = Math.max(1000, Math.round(millions * 1_000_000));
  const overSockets = seconds < 1 ? 500 : OVER_SOCKETS;
  const [plain] = await weightsOf('express + express.json(), checks nothing', overSockets, 0);
  const ours = await weightsOf('express + ours', overSockets, count);
  const [first, last] = [ours[0], ours.at(-1)];
  if (plain === undefined || first === undefined || last === undefined) throw new Error('Nothing was weighed.');
  const [idle] = await weightsOf('express + ours', overSockets, 0);
  const row = (what: string, value: number, bytes: number, more: Partial<Row> = {}): Row => ({
    what,
    kind: 'ours',
    ratio: { median: value, min: value, max: value },
    more: { MiB: (bytes / 2 ** 20).toFixed(0) },
    ...more,
  });
  const named = count.toLocaleString('en');
  return [
    {
      title: `What a process weighs after ${named} calls`,
      ratioOf: `Resident size once garbage is collected, to that of express + express.json() after ${overSockets.toLocaleString('en')} calls. Lower is better. The calls after those go straight through a receiver in the same process, each new to its replay table.`,
      rows: [
        row('express + express.json()', 1, plain.rss, { kind: 'base' }),
        row('express + ours', (idle?.rss ?? 0) / plain.rss, idle?.rss ?? 0),
        row(`the replay table, ${(last.table / count).toFixed(1)} B a call`, last.table / plain.rss, last.table),
        row(`express + ours after ${named} calls`, last.rss / plain.rss, last.rss),
      ],
    },
    {
      title: 'Whether it grows with its age',
      ratioOf: `After ${named} calls. Lower is better.`,
      rows: [
        row(
          'resident size, to express + express.json() and the replay table',
          last.rss / (plain.rss + last.table),
          last.rss,
          {
            goal: { atMost: 1.1 },
          },
        ),
        row(`heap in use, to that after a tenth of the calls`, last.heap / first.heap, last.heap, {
          goal: { atMost: 1.02 },
        }),
      ],
    },
  ];
}

/** Starts a server, lets it take calls over sockets and then more without, and has it weigh itself on the way. */
async function weightsOf(name: ServerName, overSockets: number, more: number): Promise<readonly Weight[]> {
  const made = makeCalls(Math.min(1000, overSockets));
  const load = startLoad();
  const child = startProcess(new URL('process.js', import.meta.url), '0');
  const tell = <T>(order: MemoryOrder) => ask<T>(child, order);
  try {
    await load.order({ do: 'keep', name: 'genuine', calls: made.calls.map((call) => wire(call)) });
    const { port } = await tell<{ port: number }>({ name, ...setupFor(made) });
    await load.order({ do: 'send', name: 'genuine', port, connections: 16, count: overSockets });
    return await tell<readonly Weight[]>({ take: more });
  } finally {
    load.stop();
    child.kill('SIGKILL');
  }
}
