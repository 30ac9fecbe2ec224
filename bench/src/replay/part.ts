import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { peerVersion } from '../peers.js';
import { median, ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';
import type { MemoryOrder, MemoryReport } from './memories.js';

const ROUNDS = 3;

/** What remembering a call costs, in a process of its own for each memory and round. */
export async function replayPart(seconds: number): Promise<readonly Table[]> {
  const entries = seconds < 1 ? 20_000 : 1_000_000;
  const many = seconds < 1 ? 40_000 : 10_000_000;
  const ours: MemoryOrder['memory'] = 'ours';
  const set: MemoryOrder['memory'] = 'a Set of texts';
  const memories: MemoryOrder['memory'][] = [ours, set, 'a Map from text to time'];
  const missing: string[] = [];
  if (peerVersion('lru-cache') === undefined) missing.push('lru-cache is not installed');
  else memories.push('lru-cache');

  const reports = new Map(memories.map((memory) => [memory, [] as MemoryReport[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < memories.length; i++) {
      const memory = memories[(i + round) % memories.length] as MemoryOrder['memory'];
      reports.get(memory)?.push(await remember({ memory, entries }));
    }
  }
  const large = await remember({ memory: ours, entries: many });
  const of = (memory: MemoryOrder['memory'], what: keyof MemoryReport) =>
    (reports.get(memory) ?? []).map((report) => report[what]);
  const row = (memory: MemoryOrder['memory'], what: keyof MemoryReport, goal?: Goal): Row => ({
    what: memory,
    kind: memory === set ? 'base' : memory === ours ? 'ours' : 'peer',
    ratio: ratioOf(of(memory, what), of(set, what)),
    goal: memory === ours ? goal : undefined,
  });
  const figure = (what: string, value: number, atMost: number): Row => ({
    what,
    kind: 'ours',
    ratio: { median: value, min: value, max: value },
    goal: { atMost },
  });
  const bytes = median(of(ours, 'bytes').sort((a, b) => a - b));
  const count = (number: number) => number.toLocaleString('en');
  return [
    {
      title: `Remembering ${count(entries)} calls: memory`,
      ratioOf: 'Bytes for a call, to a Set of 16 octets as text. Lower is better.',
      rows: memories.map((memory) => row(memory, 'bytes')),
      missing,
    },
    {
      title: `Remembering ${count(entries)} calls: time`,
      ratioOf: 'Processor time to ask and remember, to a Set of 16 octets as text. Lower is better.',
      rows: memories.map((memory) => row(memory, 'cpuNs', { atMost: 0.34 })),
      missing,
    },
    {
      title: 'Our memory, in figures',
      ratioOf:
        'Bytes for a call, and the longest time in milliseconds that asking and remembering 256 calls took, pauses of the garbage collector included. The clock on the wall: what else runs on the machine counts too.',
      rows: [
        figure(`bytes a call, ${count(entries)} calls`, bytes, 34),
        figure(`bytes a call, ${count(many)} calls`, large.bytes, 34),
        figure(`longest pause, ${count(many)} calls`, large.pauseMs, 25),
      ],
    },
  ];
}

function remember(order: MemoryOrder): Promise<MemoryReport> {
  const child = fork(fileURLToPath(new URL('memories.js', import.meta.url)), { execArgv: ['--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (report: MemoryReport) => {
      child.kill();
      resolve(report);
    });
    child.once('exit', (code) => reject(new Error(`A process of the bench ended (${code}).`)));
    child.send(order);
  });
}
