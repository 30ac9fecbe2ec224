import { createHash, randomBytes } from 'node:crypto';
import type { InboxStore, NewCall, Outcome } from '../store.js';
import { toInboxError } from './failure.js';
import { listenOn } from './listen.js';
import { readStats, whereOf } from './look.js';
import { bytes, type Ended, importEvents, park, retry, wakeBehind, walk } from './mend.js';
import { type PostgresClient, type PostgresPool, poolOf } from './pool.js';
import { type EventRow, toClaimedEvent, toStoredEvent } from './rows.js';
import { SqlRunner } from './runner.js';
import { migrate } from './schema.js';
import { type Statements, SWEPT, statementsFor } from './statements.js';
import { beginTransaction, type PostgresTransaction } from './transaction.js';

/** Which database, and where in it. */
export interface PostgresStoreOptions {
  /** A pool of `pg`. It stays yours: closing the inbox does not end it. Or `url`. */
  readonly pool?: PostgresPool;
  /** A connection string, `postgres://…`; `pg` must be installed. Or `pool`. */
  readonly url?: string;
  /** The schema for the inbox's tables, any name; default `webhook_inbox`. It is made when it is not there. */
  readonly schema?: string;
}

/** A store whose clock can be put forward, for tests. */
export interface PostgresStore extends InboxStore<PostgresTransaction> {
  /** Milliseconds by which its clock is ahead of the server's. */
  offsetMs: number;
}

const SHARDS = 16;
/**
 * What was taken leaves dead entries in the index of what is due. A scan in its order clears them away as it goes; a bitmap,
 * which a planner may prefer when little waits, reads all of them each time.
 */
const IN_ORDER = 'SET LOCAL enable_bitmapscan = off';
/** Looked at beyond what is asked for, as some may be behind others. */
const MORE = 20;

/**
 * Makes a store in a PostgreSQL database (12 or newer), for any number of processes on any number of machines.
 *
 * @throws TypeError that names the option that is wrong.
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  const { pool: given, url, schema = 'webhook_inbox' } = options;
  if ((given === undefined) === (url === undefined)) throw new TypeError('Give pool, a pool of pg, or url.');
  const channel = `inbox_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`;
  const prefix = randomBytes(6).toString('hex');
  let pool: Promise<PostgresPool> | undefined;
  let ready: Promise<{ runner: SqlRunner; statements: Statements }> | undefined;
  let leases = 0;
  let closed = false;
  // Checks the name now.
  new SqlRunner({} as PostgresPool, schema);

  const getPool = () => {
    pool ??= (given === undefined ? poolOf(url ?? '') : Promise.resolve(given)).then((one) => {
      // A connection that breaks while nobody uses it is replaced; unheard, it would end the process.
      if (given === undefined) one.on('error', () => {});
      return one;
    });
    return pool;
  };
  const open = () => {
    ready ??= (async () => {
      const runner = new SqlRunner(await getPool(), schema);
      await migrate(runner);
      return { runner, statements: statementsFor(runner.schema) };
    })();
    // What failed is tried again with the next call.
    ready.catch(() => {
      ready = undefined;
    });
    return ready;
  };
  const use = async <T>(work: (runner: SqlRunner, statements: Statements) => Promise<T>): Promise<T> => {
    try {
      const { runner, statements } = await open();
      return await work(runner, statements);
    } catch (error) {
      throw toInboxError(error);
    }
  };
  const count = (runner: Pick<SqlRunner, 'query'> | PostgresClient, statements: Statements, name: string, by: number) =>
    runner.query(statements.count, [name, Math.floor(Math.random() * SHARDS), by]);

  /** Writes down how attempts ended, in a transaction of its own or in a handler's. Gives also what others may wait for. */
  async function settle(client: Pick<PostgresClient, 'query'>, statements: Statements, outcomes: readonly Outcome[]) {
    const { rows } = await client.query(statements.settle, [
      store.offsetMs,
      outcomes.map((one) => one.id),
      outcomes.map((one) => one.lease),
      outcomes.map((one) => one.to),
      outcomes.map((one) => (one.to === 'waiting' ? Math.round(one.afterMs) : 0)),
      outcomes.map((one) => (one.to === 'handled' ? null : (one.error?.replaceAll('\0', ' ') ?? null))),
    ]);
    const settled = new Set(rows.map((row) => Number(row.id)));
    return { settled: outcomes.map((one) => settled.has(one.id)), ended: rows as readonly Ended[] };
  }

  /**
   * Lets go on what was behind these events. Only once their end is committed: a claim at the same time that does not see
   * it puts off what is behind, and looks again afterwards; one of the two sees the other. If it fails, what is behind is
   * looked at again after ten minutes.
   */
  const wakeNext = (runner: SqlRunner, statements: Statements, ended: readonly Ended[]) =>
    wakeBehind(runner, statements, store.offsetMs, ended).catch(() => {});

  const store: PostgresStore = {
    offsetMs: 0,
    accept: (calls) =>
      use(async (runner, statements) => {
        if (calls.length === 0) return [];
        const { rows } = await runner.query(statements.accept, [store.offsetMs, ...columns(calls)]);
        const kept = new Set(rows.map((row) => Number(row.ord)));
        const repeats = calls.length - kept.size;
        // Only figures and a hint: the calls themselves are safe.
        if (repeats > 0) await count(runner, statements, 'duplicates', repeats).catch(() => {});
        if (kept.size > 0) runner.query('SELECT pg_notify($1, $2)', [channel, '']).catch(() => {});
        return calls.map((_, i) => kept.has(i + 1));
      }),
    countRepeats: (by) => use(async (runner, statements) => void (await count(runner, statements, 'duplicates', by))),
    countWaiting: (limit) =>
      use(async (runner, statements) => Number((await runner.query(statements.countWaiting, [limit])).rows[0]?.n)),
    claim: ({ owner, limit, leaseMs, exceptKinds }) =>
      use(async (runner, statements) => {
        const wanted = limit + MORE;
        const lease = `${owner}#${prefix}-${++leases}`;
        const values = [store.offsetMs, exceptKinds, wanted, lease, leaseMs, limit];
        const { rows } = await runner.transaction((client) => client.query(statements.claim, values), IN_ORDER);
        const events = (rows as EventRow[]).filter((row) => row.id !== null).map(toClaimedEvent);
        // What was before them may have ended while this looked.
        const behind: string[] | null = rows[0]?.behind;
        if (behind !== null) await runner.query(statements.wakeHeads, [store.offsetMs, behind]).catch(() => {});
        return { events, more: rows[0]?.candidates === wanted || Number(rows[0]?.free) > events.length };
      }),
    renew: (held, leaseMs) =>
      use(async (runner, statements) => {
        const values = [store.offsetMs, held.map((one) => one.id), held.map((one) => one.lease), leaseMs];
        const { rows } = await runner.query(statements.renew, values);
        const still = new Set(rows.map((row) => Number(row.id)));
        return held.map((one) => one.id).filter((id) => !still.has(id));
      }),
    settle: (outcomes) =>
      use(async (runner, statements) => {
        const { settled, ended } = await settle(runner, statements, outcomes);
        await wakeNext(runner, statements, ended);
        return settled;
      }),
    expire: ({ owners, maxAttempts }) =>
      use(async (runner, statements) => {
        const { rows } = await runner.query(statements.expire, [store.offsetMs, owners, maxAttempts]);
        await wakeNext(runner, statements, rows);
        return rows.length;
      }),
    owners: () =>
      use(async (runner, statements) => (await runner.query(statements.owners)).rows.map((row) => String(row.owner))),
    begin(event) {
      const { id, lease } = event;
      return beginTransaction(
        () => open().then(({ runner }) => runner.pool),
        event,
        async (client) => {
          const { runner, statements } = await open();
          const { rows } = await client.query(statements.handled, [store.offsetMs, id, lease]);
          // Here as well: a process that ends after its commit leaves nothing behind asleep.
          await wakeBehind(client, statements, store.offsetMs, rows);
          return rows.length > 0 ? () => wakeNext(runner, statements, rows) : undefined;
        },
      );
    },
    sweep: (handledBefore) =>
      use(async (runner, statements) => {
        const counts: (number | null)[] = [];
        for (const sql of statements.sweep) counts.push((await runner.query(sql, [store.offsetMs])).rowCount);
        await runner.transaction(async (client) => {
          const { rowCount } = await client.query(statements.sweepHandled, [Math.round(handledBefore)]);
          if (rowCount) await count(client, statements, 'pruned-handled', rowCount);
          counts.push(rowCount);
        });
        return counts.includes(SWEPT);
      }),
    stats: () => use((runner, statements) => readStats(runner, statements)),
    list: (filter, page) =>
      use(async (runner) => {
        const values: unknown[] = [page.after];
        const where = whereOf(filter, values);
        const sql = `SELECT * FROM ${runner.schema}.inbox_event WHERE id > $1 ${where} ORDER BY id LIMIT ${Number(page.limit)}`;
        return ((await runner.query(sql, values)).rows as EventRow[]).map(toStoredEvent);
      }),
    retry: (filter, page) => use((runner, statements) => retry(runner, statements, store.offsetMs, filter, page)),
    park: (filter, page) => use((runner, statements) => park(runner, statements, store.offsetMs, filter, page)),
    prune: (filter, page) =>
      use((runner, statements) =>
        walk(runner, statements, store.offsetMs, filter, page, async (client, ids, rows) => {
          await client.query(`DELETE FROM ${runner.schema}.inbox_event WHERE id = ANY ($1::bigint[])`, [ids]);
          const handled = rows.filter((row) => row.state === 'handled').length;
          if (handled > 0) await count(client, statements, 'pruned-handled', handled);
          if (rows.length > handled) await count(client, statements, 'pruned-other', rows.length - handled);
        }),
      ),
    import: (events) => use((runner) => importEvents(runner, events)),
    listen: (tell) =>
      listenOn(
        open().then(({ runner }) => runner.pool),
        channel,
        tell,
      ),
    async close() {
      if (closed) return;
      closed = true;
      if (given === undefined) await (await pool?.catch(() => undefined))?.end();
    },
  };
  return store;
}

function columns(calls: readonly NewCall[]): unknown[] {
  const column = <T>(of: (call: NewCall) => T) => calls.map(of);
  return [
    column((call) => bytes(call.replayKey)),
    column((call) => call.replayUntil),
    column((call) => call.eventKey),
    column((call) => call.eventKeyUntil),
    column((call) => call.kind),
    column((call) => call.recipient),
    column((call) => call.identity),
    column((call) => call.url),
    column((call) => call.orderKey),
    column((call) => call.receivedAt),
    column((call) => call.contentType),
    column((call) => call.contentTypeSigned),
    column((call) => JSON.stringify(call.headers)),
    column((call) => bytes(call.body)),
  ];
}
