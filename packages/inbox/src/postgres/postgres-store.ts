import { createHash, randomBytes } from 'node:crypto';
import type { InboxStore, NewCall, Outcome } from '../store.js';
import { toInboxError } from './failure.js';
import { listenOn } from './listen.js';
import { readStats, whereOf } from './look.js';
import { bytes, importEvents, walk } from './mend.js';
import { type PostgresClient, type PostgresPool, poolOf } from './pool.js';
import { type EventRow, toClaimedEvent, toStoredEvent } from './rows.js';
import { SqlRunner } from './runner.js';
import { migrate } from './schema.js';
import { type Statements, statementsFor } from './statements.js';
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

  const wakeNext = (client: Pick<PostgresClient, 'query'>, keys: readonly string[], statements: Statements) =>
    client.query(statements.wakeNext, [store.offsetMs, keys]);

  async function settle(
    client: Pick<PostgresClient, 'query'>,
    statements: Statements,
    outcomes: readonly Outcome[],
    wake: typeof wakeNext = wakeNext,
  ) {
    const { rows } = await client.query(statements.settle, [
      store.offsetMs,
      outcomes.map((one) => one.id),
      outcomes.map((one) => one.lease),
      outcomes.map((one) => one.to),
      outcomes.map((one) => (one.to === 'waiting' ? Math.round(one.afterMs) : 0)),
      outcomes.map((one) => (one.to === 'handled' ? null : (one.error?.replaceAll('\0', ' ') ?? null))),
    ]);
    const keys = rows.flatMap((row) => (row.order_key === null || row.state === 'waiting' ? [] : [row.order_key]));
    if (keys.length > 0) await wake(client, keys, statements);
    const settled = new Set(rows.map((row) => Number(row.id)));
    return outcomes.map((one) => settled.has(one.id));
  }

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
        if (kept.size > 0) runner.pool.query('SELECT pg_notify($1, $2)', [channel, '']).catch(() => {});
        return calls.map((_, i) => kept.has(i + 1));
      }),
    countRepeats: (by) => use(async (runner, statements) => void (await count(runner, statements, 'duplicates', by))),
    countWaiting: (limit) =>
      use(async (runner, statements) => Number((await runner.query(statements.countWaiting, [limit])).rows[0]?.n)),
    claim: ({ owner, limit, leaseMs, exceptKinds }) =>
      use(async (runner, statements) => {
        const wanted = limit * 2 + 20;
        const lease = `${owner}#${prefix}-${++leases}`;
        const values = [store.offsetMs, exceptKinds, wanted, lease, leaseMs, limit];
        const { rows } = await runner.query(statements.claim, values);
        const events = (rows as EventRow[]).filter((row) => row.id !== null).map(toClaimedEvent);
        const candidates = Number(rows[0]?.candidates ?? 0);
        return { events, more: candidates === wanted || (candidates > events.length && events.length === limit) };
      }),
    renew: (held, leaseMs) =>
      use(async (runner, statements) => {
        const values = [store.offsetMs, held.map((one) => one.id), held.map((one) => one.lease), leaseMs];
        const { rows } = await runner.query(statements.renew, values);
        const still = new Set(rows.map((row) => Number(row.id)));
        return held.map((one) => one.id).filter((id) => !still.has(id));
      }),
    settle: (outcomes) =>
      use((runner, statements) =>
        // One statement is a transaction of its own. What it settled is settled, whatever becomes of the second: those
        // behind that are not woken are looked at again after 30 s.
        settle(runner, statements, outcomes, (client, keys) =>
          wakeNext(client, keys, statements).catch(() => ({ rows: [], rowCount: 0 })),
        ),
      ),
    expire: ({ owners, maxAttempts }) =>
      use(async (runner, statements) => {
        const { rows } = await runner.query(statements.expire, [store.offsetMs, owners, maxAttempts]);
        const keys = rows.flatMap((row) => (row.order_key === null || row.state === 'waiting' ? [] : [row.order_key]));
        if (keys.length > 0) await runner.query(statements.wakeNext, [store.offsetMs, keys]);
        return rows.length;
      }),
    owners: () =>
      use(async (runner, statements) => (await runner.query(statements.owners)).rows.map((row) => String(row.owner))),
    begin(event) {
      const statements = statementsFor(new SqlRunner({} as PostgresPool, schema).schema);
      return beginTransaction(
        () => open().then(({ runner }) => runner.pool),
        event,
        async (client) => {
          const [settled = false] = await settle(client, statements, [
            { id: event.id, lease: event.lease, to: 'handled' },
          ]);
          return settled;
        },
      );
    },
    sweep: (handledBefore) =>
      use(async (runner, statements) => {
        for (const sql of statements.sweep) await runner.query(sql, [store.offsetMs]);
        await runner.transaction(async (client) => {
          const { rowCount } = await client.query(statements.sweepHandled, [Math.round(handledBefore)]);
          if (rowCount) await count(client, statements, 'pruned-handled', rowCount);
        });
      }),
    stats: () => use((runner, statements) => readStats(runner, statements)),
    list: (filter, page) =>
      use(async (runner) => {
        const values: unknown[] = [page.after];
        const where = whereOf(filter, values);
        const sql = `SELECT * FROM ${runner.schema}.inbox_event WHERE id > $1 ${where} ORDER BY id LIMIT ${Number(page.limit)}`;
        return ((await runner.query(sql, values)).rows as EventRow[]).map(toStoredEvent);
      }),
    retry: (filter, page) =>
      use((runner, statements) =>
        walk(runner, statements, { states: ['dead', 'waiting'], ...filter }, page, (client, ids) =>
          client.query(
            `UPDATE ${runner.schema}.inbox_event SET state = 'waiting', attempts = 0, settled_at = NULL,
               due_at = floor(extract(epoch from clock_timestamp()) * 1000) WHERE id = ANY ($1::bigint[])`,
            [ids],
          ),
        ),
      ),
    park: (filter, page) =>
      use((runner, statements) =>
        walk(
          runner,
          statements,
          { ...filter, states: (filter.states ?? ['waiting']).filter((one) => one === 'waiting') },
          page,
          (client, ids) =>
            client.query(
              `UPDATE ${runner.schema}.inbox_event SET state = 'dead',
               settled_at = floor(extract(epoch from clock_timestamp()) * 1000),
               errors = errors || jsonb_build_object('at', floor(extract(epoch from clock_timestamp()) * 1000),
                 'attempt', attempts, 'message', 'Parked by hand.') WHERE id = ANY ($1::bigint[])`,
              [ids],
            ),
        ),
      ),
    prune: (filter, page) =>
      use((runner, statements) =>
        walk(runner, statements, filter, page, async (client, ids, rows) => {
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
