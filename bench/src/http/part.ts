import { makeCalls, type SignedCall } from '../calls.js';
import { ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';
import { latencyUnderFlood } from './flood.js';
import { pinned, type RunningServer, startLoad, startServer } from './processes.js';
import { lackOf, type ServerName } from './servers.js';
import { type Setup, setupFor } from './setup.js';
import { wire } from './wire.js';

const CALLS = 3000;
const CONNECTIONS = 16;
const ROUNDS = 9;

/** What the bench knows of the running processes. */
export interface Field {
  readonly load: ReturnType<typeof startLoad>;
  readonly setup: Setup;
  readonly calls: readonly SignedCall[];
  readonly seconds: number;
  readonly warmUp: number;
}

/** A server, and the calls that it gets. */
interface Lane {
  readonly what: string;
  readonly server: RunningServer;
  readonly calls: string;
  /** False for calls that are to be refused. */
  readonly genuine: boolean;
}

/** What was measured of a lane, by round. */
interface LaneResult {
  /** Seconds for a call; the whole server's, with all connections. */
  readonly wall: number[];
  readonly cpuMs: number[];
  readonly p50: number[];
  rssMiB: number;
}

/** Calls over sockets: a process each for every server and for the load. */
export async function httpPart(seconds: number): Promise<readonly Table[]> {
  const made = makeCalls(seconds < 1 ? 200 : CALLS);
  const field: Field = {
    load: startLoad(),
    setup: setupFor(made),
    calls: made.calls,
    seconds,
    warmUp: seconds < 1 ? 200 : 5000,
  };
  const { load } = field;
  try {
    await load.order({ do: 'keep', name: 'genuine', calls: made.calls.map((call) => wire(call)) });
    const unsigned = made.calls.map((call) => wire(call, (head) => head.replace(/\r\nSignature: [^\r]*/, '')));
    await load.order({ do: 'keep', name: 'unsigned', calls: unsigned });
    const forged = made.calls.map((call) => wire(call, (head) => head.replace('X-Nonce: ', 'X-Nonce: 0')));
    await load.order({ do: 'keep', name: 'forged', calls: forged });
    return [...(await doorTables(field)), ...(await floodTables(field)), await latencyUnderFlood(field)];
  } finally {
    load.stop();
  }
}

const doors: readonly ServerName[] = [
  'node:http, reads the body',
  'node:http + crypto.hash + crypto.verify alone',
  'node:http + ours',
  'fastify, reads the body',
  'fastify + ours',
  'hono on its node server',
  'hono + ours (Fetch door)',
  'express, reads the body',
  'express + express.json(), checks nothing',
  'express + crypto.hash + crypto.verify alone',
  'express + ours',
  'express + http-signature',
];

async function doorTables(field: Field): Promise<readonly Table[]> {
  const missing = doors.map(lackOf).filter((lack) => lack !== undefined);
  const lanes: Lane[] = [];
  for (const name of doors.filter((one) => lackOf(one) === undefined)) {
    lanes.push({ what: name, server: await startServer(name, field.setup), calls: 'genuine', genuine: true });
  }
  const results = await race(lanes, field);
  const slow = lanes.filter(({ what }) => what !== 'express + http-signature');
  const paced = await race(slow, field, 1000);
  for (const { server } of lanes) server.stop();

  const table = (title: string, base: ServerName, goals: Partial<Record<ServerName, Goal>>, names = doors): Table => ({
    title,
    ratioOf: `Calls a second with ${CONNECTIONS} connections, to ${base}. Higher is better. CPU: processor time a call, to the same.`,
    rows: rowsOf(
      lanes.filter(({ what }) => names.includes(what as ServerName)),
      results,
      base,
      goals,
    ),
    missing,
    note: place,
  });
  const json = 'express + express.json(), checks nothing';
  const httpSignature = 'express + http-signature';
  return [
    table('The doors, over sockets', 'node:http, reads the body', {
      'node:http + ours': { atLeast: 0.33 },
      'fastify + ours': { atLeast: 0.3 },
      'hono + ours (Fetch door)': { atLeast: 0.3 },
    }),
    table(
      'To Express that checks nothing',
      json,
      { 'express + ours': { atLeast: 0.95 }, 'node:http + ours': { atLeast: 1 } },
      [json, 'express + crypto.hash + crypto.verify alone', 'express + ours', httpSignature, 'node:http + ours'],
    ),
    ...(lanes.some(({ what }) => what === httpSignature)
      ? [
          table('To Express with http-signature', httpSignature, { 'express + ours': { atLeast: 1.8 } }, [
            httpSignature,
            'express + ours',
          ]),
        ]
      : []),
    {
      title: 'Latency at 1,000 calls a second',
      ratioOf: `Median time to the whole answer, to ${json}. Lower is better.`,
      rows: slow.map(({ what }): Row => {
        const p50 = paced.get(what)?.p50 ?? [];
        return {
          what,
          kind: kindOf(what, json),
          ratio: ratioOf(p50, paced.get(json)?.p50 ?? []),
          goal: what === 'express + ours' ? { atMost: 1.25 } : undefined,
        };
      }),
      missing,
    },
  ];
}

async function floodTables(field: Field): Promise<readonly Table[]> {
  const bare = 'node:http, answers 401 unread';
  const base = await startServer(bare, field.setup);
  const ours = await startServer('node:http + ours', field.setup);
  const lanes: Lane[] = [
    { what: bare, server: base, calls: 'unsigned', genuine: false },
    { what: 'ours: no signature', server: ours, calls: 'unsigned', genuine: false },
    { what: 'ours: a wrong signature under a known key', server: ours, calls: 'forged', genuine: false },
  ];
  // The key is known from the first genuine call on.
  await field.load.order({ do: 'send', name: 'genuine', port: ours.port, connections: 1, count: 10 });
  const results = await race(lanes, field);
  for (const { server } of lanes) server.stop();
  const goals = {
    'ours: no signature': { atLeast: 0.8 },
    'ours: a wrong signature under a known key': { atLeast: 0.3 },
  };
  return [
    {
      title: 'Refusing a flood',
      ratioOf: `Calls refused a second, to ${bare}. Higher is better.`,
      rows: rowsOf(lanes, results, bare, goals),
      note: place,
    },
  ];
}

const place = pinned
  ? 'The servers have one core, the load has the other.'
  : 'taskset is not there, or there is one core: servers and load share what there is.';

/** Sends to each lane for a slice of each round, in an order that is rotated. */
export async function race(
  lanes: readonly Lane[],
  { load, seconds, warmUp }: Field,
  rate?: number,
): Promise<ReadonlyMap<string, LaneResult>> {
  const results = new Map(
    lanes.map(({ what }): [string, LaneResult] => [what, { wall: [], cpuMs: [], p50: [], rssMiB: 0 }]),
  );
  const order = (lane: Lane) =>
    ({ do: 'send', name: lane.calls, port: lane.server.port, connections: CONNECTIONS }) as const;
  if (rate === undefined) for (const lane of lanes) await load.order({ ...order(lane), count: warmUp });
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(i + round) % lanes.length] as Lane;
      const before = await lane.server.usage();
      const pace = rate === undefined ? {} : { rate };
      const report = await load.order({ ...order(lane), seconds: seconds / ROUNDS, ...pace });
      const after = await lane.server.usage();
      mustBeRight(lane, report.statuses, report.answered, after.accepted - before.accepted);
      const result = results.get(lane.what);
      result?.wall.push(report.seconds / report.answered);
      result?.cpuMs.push((after.cpuMs - before.cpuMs) / report.answered);
      result?.p50.push(report.p50Ms);
    }
  }
  for (const lane of lanes) {
    const result = results.get(lane.what);
    if (result !== undefined) result.rssMiB = await lane.server.rssMiB();
  }
  return results;
}

/** A bench that measures refusals, or repeats of what was handled, measures nothing. */
function mustBeRight(lane: Lane, statuses: Readonly<Record<string, number>>, answered: number, accepted: number): void {
  const wanted = lane.genuine ? '200' : '401';
  if (answered === 0 || statuses[wanted] !== answered)
    throw new Error(`${lane.what} answered ${JSON.stringify(statuses)}.`);
  if (lane.genuine && lane.what.includes('ours') && accepted !== answered) {
    throw new Error(`${lane.what} answered ${answered} calls and accepted ${accepted} as new.`);
  }
}

function rowsOf(
  lanes: readonly Lane[],
  results: ReadonlyMap<string, LaneResult>,
  base: string,
  goals: Readonly<Record<string, Goal | undefined>>,
): Row[] {
  const basis = results.get(base);
  return lanes.map(({ what }) => {
    const { wall = [], cpuMs = [], rssMiB = 0 } = results.get(what) ?? {};
    const cpu = ratioOf(cpuMs, basis?.cpuMs ?? []);
    return {
      what,
      kind: kindOf(what, base),
      // Calls a second are the reciprocal of seconds a call.
      ratio: ratioOf(basis?.wall ?? [], wall),
      goal: goals[what],
      more: { CPU: cpu.median.toFixed(2), 'RSS MiB': rssMiB.toFixed(0) },
    };
  });
}

export function kindOf(what: string, base: string): Row['kind'] {
  if (what === base) return 'base';
  if (what.endsWith(' alone')) return 'limit';
  return what.includes('ours') ? 'ours' : 'peer';
}
