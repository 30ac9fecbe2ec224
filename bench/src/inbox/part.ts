import { keyId, makeCalls } from '../calls.js';
import { ask, pinned, startLoad, startProcess } from '../http/processes.js';
import { wire } from '../http/wire.js';
import { peerVersion } from '../peers.js';
import { ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';
import { type KeeperName, keeperNames } from './keepers.js';
import { lackOfPostgres } from './postgres.js';
import type { KeeperOrder, KeeperUsage } from './server.js';

const CONNECTIONS = 64;
const ROUNDS = 5;
const NAME = 'genuine';
const BASE = 'no inbox';

/** What was measured of a keeper, by round. */
interface Measured {
  /** Calls a second. */
  readonly rate: number[];
  readonly cpuMs: number[];
  readonly p50: number[];
  /** Events a second; empty where it is not measured. */
  readonly drained: number[];
}

/** What it costs to keep calls before they are answered, over sockets, and how fast they are handled afterwards. */
export async function inboxPart(seconds: number): Promise<readonly Table[]> {
  const missing = new Map<KeeperName, string>();
  const noPostgres = await lackOfPostgres();
  for (const name of keeperNames) {
    if (noPostgres !== undefined && name !== BASE && name !== 'ours, SQLite') missing.set(name, noPostgres);
    else if (name === 'pg-boss' && peerVersion(name) === undefined) missing.set(name, `${name} is not installed`);
  }
  const names = keeperNames.filter((name) => !missing.has(name));
  // Each call is sent once a round: a call that is known is not kept.
  const made = makeCalls(seconds < 1 ? 100 : Math.min(20_000, Math.round(1200 * seconds)));
  const load = startLoad();
  const servers: {
    readonly name: KeeperName;
    readonly port: number;
    ask<T>(order: KeeperOrder): Promise<T>;
    kill(): void;
  }[] = [];
  const results = new Map(
    names.map((name): [KeeperName, Measured] => [name, { rate: [], cpuMs: [], p50: [], drained: [] }]),
  );
  try {
    await load.order({ do: 'keep', name: NAME, calls: made.calls.map((call) => wire(call)) });
    const jwks = { keys: [{ ...made.key.publicJwk, kid: keyId }] };
    for (const name of names) {
      const child = startProcess(new URL('server.js', import.meta.url), '0');
      const order = <T>(what: KeeperOrder) => ask<T>(child, what);
      const { port } = await order<{ port: number }>({ do: 'start', name, jwks, distinct: made.calls.length });
      servers.push({ name, port, ask: order, kill: () => child.kill('SIGKILL') });
    }
    // The first round warms up.
    for (let round = -1; round < ROUNDS; round++) {
      for (let i = 0; i < servers.length; i++) {
        const server = servers[(i + round + 1) % servers.length] as (typeof servers)[number];
        await server.ask({ do: 'renew' });
        const before = await server.ask<KeeperUsage>({ do: 'usage' });
        const count = made.calls.length;
        const report = await load.order({ do: 'send', name: NAME, port: server.port, connections: CONNECTIONS, count });
        const after = await server.ask<KeeperUsage>({ do: 'usage' });
        if (report.statuses['200'] !== count || after.accepted - before.accepted !== count) {
          const told = `${JSON.stringify(report.statuses)}, ${after.accepted - before.accepted} of them new`;
          throw new Error(`${server.name} answered ${told}.`);
        }
        const drains = server.name.startsWith('ours') || server.name === 'pg-boss';
        const { seconds: drained } = drains
          ? await server.ask<{ seconds: number }>({ do: 'drain', count })
          : { seconds: Number.NaN };
        if (round < 0) continue;
        const result = results.get(server.name);
        result?.rate.push(count / report.seconds);
        result?.cpuMs.push((after.cpuMs - before.cpuMs) / count);
        result?.p50.push(report.p50Ms);
        if (drains) result?.drained.push(count / drained);
      }
    }
    for (const server of servers) await server.ask({ do: 'end' });
  } finally {
    for (const server of servers) server.kill();
    load.stop();
  }
  return tablesOf(
    results,
    [...missing].map(([name, why]) => `${name}: ${why}`),
  );
}

const acceptGoals: Partial<Record<KeeperName, Goal>> = {
  'ours, SQLite': { atLeast: 0.6 },
  'ours, PostgreSQL': { atLeast: 0.4 },
};

/** What a handler does in `tx` is its own: no goal. */
const handleGoals: Partial<Record<KeeperName, Goal>> = {
  'ours, SQLite': { atLeast: 1 },
  'ours, PostgreSQL': { atLeast: 1 },
};

function tablesOf(results: ReadonlyMap<KeeperName, Measured>, missing: readonly string[]): readonly Table[] {
  const base = results.get(BASE);
  const names = [...results.keys()];
  const kindOf = (name: KeeperName): Row['kind'] =>
    name === BASE ? 'base' : name.startsWith('ours') ? 'ours' : 'peer';
  const place = pinned
    ? 'The servers have one core, the load has the other; PostgreSQL has both.'
    : 'Servers, load and PostgreSQL share what cores there are.';
  return [
    {
      title: 'Keeping calls before they are answered',
      ratioOf: `Calls a second with ${CONNECTIONS} connections to Express, signatures verified, to no inbox. Higher is better. CPU: processor time a call in the server's process, p50: median time to the whole answer, to the same.`,
      rows: names
        .filter((name) => name !== 'ours, PostgreSQL, handlers with tx')
        .map((name): Row => {
          const { rate = [], cpuMs = [], p50 = [] } = results.get(name) ?? {};
          const more = {
            CPU: ratioOf(cpuMs, base?.cpuMs ?? []).median.toFixed(2),
            p50: ratioOf(p50, base?.p50 ?? []).median.toFixed(2),
          };
          return {
            what: name,
            kind: kindOf(name),
            ratio: ratioOf(rate, base?.rate ?? []),
            goal: acceptGoals[name],
            more,
          };
        }),
      missing,
      note: `${place} The peers keep the call in a handler, and know no call again.`,
    },
    {
      title: 'Handling what is kept',
      ratioOf:
        'Events a second with one worker and handlers that do nothing (with tx: that insert a row), to calls a second that the same store kept just before. Higher is better.',
      rows: names
        .filter((name) => (results.get(name)?.drained.length ?? 0) > 0)
        .map((name): Row => {
          const { drained = [], rate = [] } = results.get(name) ?? {};
          const goal = handleGoals[name];
          return { what: name, kind: kindOf(name), ratio: ratioOf(drained, rate), goal };
        }),
      missing,
      note: 'With tx each event has a transaction of its own. pg-boss: fetched and completed, 100 at a time.',
    },
  ];
}
