import { keyId, makeCalls } from '../calls.js';
import { ratioOf } from '../rounds.js';
import type { Table } from '../table.js';
import type { Field } from './part.js';
import { startServer } from './processes.js';
import { wire } from './wire.js';

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
export async function scalingTables(field: Field): Promise<readonly Table[]> {
  const { load, setup, seconds } = field;
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

  const key = makeCalls(1).key;
  const sizes: Point[] = [];
  const ofSize = await startServer('node:http + ours', {
    jwks: { keys: [{ ...key.publicJwk, kid: keyId }] },
    publicKeyPem: key.publicKeyPem,
    distinct: 6,
  });
  for (const [what, messageBytes] of [
    ['40 kB', 37_000],
    ['400 kB', 385_000],
    ['1 MiB', 1_000_000],
    ['4 MiB', 4_000_000],
  ] as const) {
    const { calls } = makeCalls(6, { messageBytes, key });
    await load.order({ do: 'keep', name: what, calls: calls.map((call) => wire(call)) });
    const octets = calls[0]?.body.length ?? 0;
    sizes.push(point(`a body of ${what}`, { port: ofSize.port, calls: what, connections: 2, per: octets }));
  }

  const ids = Array.from({ length: 50 }, (_, i) => `environment-${1000 + i}`);
  const many = await startServer('node:http + ours', {
    jwks: { keys: [{ ...key.publicJwk, kid: keyId }] },
    publicKeyPem: key.publicKeyPem,
    distinct: 500,
    endpoints: ids.map((id) => ({ id, url: 'https://example.com/hooks/smtpeter' })),
  });
  const mixed = ids.flatMap((id) => makeCalls(10, { key, id }).calls);
  await load.order({ do: 'keep', name: '50 identities', calls: mixed.map((call) => wire(call)) });
  const identities = [point('1 identity'), point('50 identities', { port: many.port, calls: '50 identities' })];

  const short = { ...field, seconds: Math.min(seconds, 2) };
  const tables = [
    await curve(
      'How it scales with connections',
      'Time for a call, to that with 16 connections',
      connections,
      '16 connections',
      short,
    ),
    await curve(
      'How it scales with the body',
      'Time for an octet, to that in a body of 1 MiB',
      sizes,
      'a body of 1 MiB',
      short,
    ),
    await curve(
      'How it scales with identities',
      'Time for a call, to that with one identity',
      identities,
      '1 identity',
      short,
    ),
  ];
  for (const one of [server, ofSize, many]) one.stop();
  return tables;
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
  const warm = Math.min(field.warmUp, 1000);
  for (const point of points) await field.load.order({ ...send(point), count: point.per > 100_000 ? 20 : warm });
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
    title,
    ratioOf: `${ratio}. node:http + ours, 1 process. Lower is better.`,
    rows: points.map(({ what }) => ({
      what,
      kind: what === base ? 'base' : 'ours',
      ratio: ratioOf(times.get(what) ?? [], times.get(base) ?? []),
    })),
  };
}
