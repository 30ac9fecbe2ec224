import type { SignedCall } from '../calls.js';
import { median, ratioOf } from '../rounds.js';
import type { Table } from '../table.js';
import type { LoadReport } from './load.js';
import type { Field } from './part.js';
import { startLoad, startServer } from './processes.js';
import { wire } from './wire.js';

const ROUNDS = 5;
/** Calls a second: one genuine call in ten. */
const GENUINE = 100;
const FLOOD = 900;

/** What a flood does to the genuine tenth of the traffic: nine calls in ten are unsigned or forged. */
export async function latencyUnderFlood({ load, setup, calls, seconds }: Field): Promise<Table> {
  const server = await startServer('node:http + ours', setup);
  const other = startLoad();
  try {
    await other.order({ do: 'keep', name: 'flood', calls: floodOf(calls) });
    const slice = Math.min(seconds, 10) / ROUNDS;
    const genuine = async (): Promise<LoadReport> => {
      const order = { do: 'send', name: 'genuine', port: server.port, connections: 4 } as const;
      return onlyWith(await load.order({ ...order, rate: GENUINE, seconds: slice, mayDoze: true }), '200');
    };
    // Both connections and code are new to the first ones.
    await load.order({ do: 'send', name: 'genuine', port: server.port, connections: 4, count: 50 });
    const quiet: number[] = [];
    const flooded: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push((await genuine()).p99Ms);
      const order = { do: 'send', name: 'flood', port: server.port, connections: 16 } as const;
      const flood = other.order({ ...order, rate: FLOOD, seconds: slice, mayDoze: true });
      flooded.push((await genuine()).p99Ms);
      onlyWith(await flood, '401');
    }
    const base = 'no flood';
    return {
      title: 'The genuine tenth while nine calls in ten are a flood',
      ratioOf: `The 99th percentile of the time to the whole answer of ${GENUINE} genuine calls a second, to ${base}; all are answered 200. Lower is better.`,
      rows: [
        {
          what: base,
          kind: 'base',
          ratio: ratioOf(quiet, quiet),
          more: { 'p99 ms': median([...quiet].sort((a, b) => a - b)).toFixed(2) },
        },
        {
          what: `ours, with ${FLOOD} calls a second without a signature or with a forged one`,
          kind: 'ours',
          ratio: ratioOf(flooded, quiet),
          goal: { atMost: 5 },
          more: { 'p99 ms': median([...flooded].sort((a, b) => a - b)).toFixed(2) },
        },
      ],
    };
  } finally {
    other.stop();
    server.stop();
  }
}

/** By turns without a signature, and with one of another text. */
function floodOf(calls: readonly SignedCall[]): string[] {
  return calls.map((call, i) =>
    wire(call, (head) =>
      i % 2 === 0 ? head.replace(/\r\nSignature: [^\r]*/, '') : head.replace('X-Nonce: ', 'X-Nonce: 0'),
    ),
  );
}

/** A report in which every call has the answer that it must have. */
function onlyWith(report: LoadReport, status: string): LoadReport {
  if (report.answered === 0 || report.statuses[status] !== report.answered)
    throw new Error(`Under a flood: ${JSON.stringify(report.statuses)} where all should be ${status}.`);
  return report;
}
