import type { Field } from '../http/part.js';
import { ask, pinned, startProcess, type Usage } from '../http/processes.js';
import { median, ratioOf } from '../rounds.js';
import type { Row, Table } from '../table.js';

const ROUNDS = 7;
const CONNECTIONS = 64;

interface Lane {
  readonly what: string;
  readonly processes: number;
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): void;
  readonly wall: number[];
  readonly cpuMs: number[];
  readonly coresBusy: number[];
  readonly loadBusy: number[];
}

/** Several processes behind one port, with one core for them, and with both, of which the load needs a part. */
export async function clusterTable(field: Field): Promise<Table> {
  const lanes: Lane[] = [];
  for (const [where, cores] of [
    ['one core', '0'],
    ['two cores, shared with the load', '0,1'],
  ] as const) {
    for (const processes of [1, 2, 4]) lanes.push(await startLane(field, processes, cores, where));
  }
  try {
    for (const lane of lanes) await field.load.order({ ...orderFor(lane), count: field.warmUp * lane.processes });
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < lanes.length; i++) await measureLane(lanes[(i + round) % lanes.length] as Lane, field);
    }
  } finally {
    for (const lane of lanes) lane.stop();
  }
  const base = lanes[0] as Lane;
  const middle = (values: readonly number[]) => median([...values].sort((a, b) => a - b)).toFixed(2);
  return {
    title: 'How it scales: with processes behind one port',
    ratioOf: `Calls a second with ${CONNECTIONS} connections, node:http + ours under node:cluster, to ${base.what}. Higher is better. CPU: processor time a call, to the same. Busy: how much of a core servers and load took.`,
    rows: lanes.map(
      (lane): Row => ({
        what: lane.what,
        kind: lane === base ? 'base' : 'ours',
        ratio: ratioOf(base.wall, lane.wall),
        more: {
          CPU: ratioOf(lane.cpuMs, base.cpuMs).median.toFixed(2),
          'servers busy': middle(lane.coresBusy),
          'load busy': middle(lane.loadBusy),
        },
      }),
    ),
    note: pinned
      ? 'A call is bound by the processor: where the servers keep their one core busy (about 1.00), more processes on it add nothing, and where they have two, what they gain is what the load leaves of the second.'
      : 'taskset is not there, or there is one core: servers and load share what there is.',
  };
}

async function startLane({ setup }: Field, processes: number, cores: string, where: string): Promise<Lane> {
  const child = startProcess(new URL('cluster-server.js', import.meta.url), cores);
  const { port } = await ask<{ port: number }>(child, { name: 'node:http + ours', processes, ...setup });
  return {
    what: `${processes} ${processes === 1 ? 'process' : 'processes'}, ${where}`,
    processes,
    port,
    usage: () => ask<Usage>(child, 'usage'),
    // Its workers end with it: they see their channel close.
    stop: () => child.kill('SIGKILL'),
    wall: [],
    cpuMs: [],
    coresBusy: [],
    loadBusy: [],
  };
}

async function measureLane(lane: Lane, { load, seconds }: Field): Promise<void> {
  const before = await lane.usage();
  const report = await load.order({ ...orderFor(lane), seconds: seconds / ROUNDS });
  const after = await lane.usage();
  if (report.statuses['200'] !== report.answered || after.accepted - before.accepted !== report.answered)
    throw new Error(`${lane.what} was answered ${JSON.stringify(report.statuses)}, and did not accept all as new.`);
  const cpuMs = after.cpuMs - before.cpuMs;
  lane.wall.push(report.seconds / report.answered);
  lane.cpuMs.push(cpuMs / report.answered);
  lane.coresBusy.push(cpuMs / 1000 / report.seconds);
  lane.loadBusy.push(report.cpuMs / 1000 / report.seconds);
}

const orderFor = ({ port }: Lane) =>
  ({ do: 'send', name: 'genuine', port, connections: CONNECTIONS, mayDoze: true }) as const;
