import { endpoint, makeCalls } from '../calls.js';
import type { Field } from '../http/part.js';
import { startServer } from '../http/processes.js';
import { setupFor } from '../http/setup.js';
import { wire } from '../http/wire.js';
import { ratioOf } from '../rounds.js';
import type { Table } from '../table.js';

const ROUNDS = 5;

/** One setting of what is varied. */
interface Point {
  readonly what: string;
  readonly port: number;
  readonly calls: string;
  readonly connections: number;
  /** What the time of a call is divided by, for example its octets. */
  readonly per: number;
}

/** How the cost of a call grows with the number of connections, the size of bodies, and the number of identities. */
export async function curveTables(field: Field): Promise<readonly Table[]> {
  const { load, setup, calls, seconds } = field;
  const server = await startServer('node:http + ours', setup);
  const point = (what: string, more: Partial<Point> = {}): Point => ({
    what,
    port: server.port,
    calls: 'genuine',
    connections: 16,
    per: 1,
    ...more,
  });
  const connections = [1, 16, 256, 1000].map((count) => point(`${count} connections`, { connections: count }));

  const { key } = makeCalls(1);
  const sizes: Point[] = [];
  const ofSize = await startServer('node:http + ours', setupFor({ key, calls: calls.slice(0, 6) }));
  for (const [what, messageBytes] of [
    ['0.3 kB', undefined],
    ['40 kB', 37_000],
    ['400 kB', 385_000],
    ['1 MiB', 1_000_000],
    ['5 MiB', 4_950_000],
  ] as const) {
    const made = makeCalls(6, { key, ...(messageBytes !== undefined && { messageBytes }) });
    await load.order({ do: 'keep', name: what, calls: made.calls.map((call) => wire(call)) });
    const octets = made.calls[0]?.body.length ?? 0;
    sizes.push(point(`a body of ${what}`, { port: ofSize.port, calls: what, connections: 2, per: octets }));
  }

  const identities = [point('1 identity')];
  const servers = [server, ofSize];
  for (const count of [10, 50]) {
    const ids = Array.from({ length: count }, (_, i) => `environment-${1000 + i}`);
    const mixed = ids.flatMap((id) => makeCalls(500 / count, { key, id }).calls);
    const endpoints = ids.map((id) => ({ id, url: endpoint.url }));
    const many = await startServer('node:http + ours', setupFor({ key, calls: mixed }, { endpoints }));
    await load.order({ do: 'keep', name: `${count} identities`, calls: shuffled(mixed).map((call) => wire(call)) });
    identities.push(point(`${count} identities`, { port: many.port, calls: `${count} identities` }));
    servers.push(many);
  }

  const short = { ...field, seconds: Math.min(seconds, 2) };
  const tables = [
    await curve(
      'With connections',
      'Time for a call, to that with 16 connections',
      connections,
      '16 connections',
      short,
    ),
    await curve('With the body', 'Time for an octet, to that in a body of 1 MiB', sizes, 'a body of 1 MiB', short),
    await curve('With identities', 'Time for a call, to that with one identity', identities, '1 identity', short),
  ];
  for (const one of servers) one.stop();
  return tables;
}

/** In an order in which no identity comes twice in a row. */
function shuffled<T>(calls: readonly T[]): readonly T[] {
  // 77 has no divisor in common with 500, so that each is taken once.
  return calls.map((_, i) => calls[(i * 77) % calls.length] as T);
}

async function curve(
  title: string,
  ratio: string,
  points: readonly Point[],
  base: string,
  field: Field,
): Promise<Table> {
  const times = new Map(points.map(({ what }) => [what, [] as number[]]));
  const send = ({ calls, port, connections }: Point) => ({ do: 'send', name: calls, port, connections }) as const;
  for (const point of points)
    await field.load.order({ ...send(point), count: point.per > 100_000 ? 20 : field.warmUp });
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < points.length; i++) {
      const point = points[(i + round) % points.length] as Point;
      const report = await field.load.order({ ...send(point), seconds: field.seconds / ROUNDS });
      if (report.statuses['200'] !== report.answered) {
        throw new Error(`${point.what} was answered ${JSON.stringify(report.statuses)}.`);
      }
      times.get(point.what)?.push(report.seconds / report.answered / point.per);
    }
  }
  return {
    title: `How it scales: ${title.toLowerCase()}`,
    ratioOf: `${ratio}. node:http + ours, 1 process. Lower is better.`,
    rows: points.map(({ what }) => ({
      what,
      kind: what === base ? 'base' : 'ours',
      ratio: ratioOf(times.get(what) ?? [], times.get(base) ?? []),
    })),
  };
}
