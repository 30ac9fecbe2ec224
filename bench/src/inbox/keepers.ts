import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoredInbox, startWorker } from '@smtpeter-webhooks/inbox';
import { type PostgresTransaction, postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import type { Handler, Inbox, WebhookEvent } from '@smtpeter-webhooks/receiver';
import pg from 'pg';
import { postgresUrl } from './postgres.js';

/** Where calls are kept before they are answered. */
export interface Keeper {
  readonly inbox?: Inbox;
  /** Keeps an event in a handler, where there is no inbox. */
  readonly handle?: Handler<WebhookEvent>;
  /** Begins anew: nothing is kept, no call is known. */
  renew(): Promise<void>;
  /** Handles so many events that are kept; undefined where that is not measured. */
  drain?(count: number): Promise<void>;
  /** Leaves nothing behind. */
  end(): Promise<void>;
}

const keepers = {
  'no inbox': async (): Promise<Keeper> => ({ handle: () => {}, renew: async () => {}, end: async () => {} }),
  'ours, SQLite': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-inbox-'));
    let number = 0;
    return ours(
      () => sqliteInbox({ file: join(folder, `${++number}.db`) }),
      async () => {},
      async () => rmSync(folder, { recursive: true, force: true }),
    );
  },
  'ours, PostgreSQL': async () => {
    const pool = new pg.Pool({ connectionString: postgresUrl });
    const schema = ownName();
    const drop = () => pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    return ours(() => postgresInbox({ pool, schema }), drop, ending(pool, drop));
  },
  'ours, PostgreSQL, handlers with tx': async () => {
    const pool = new pg.Pool({ connectionString: postgresUrl });
    const schema = ownName();
    const effects = `${schema}_effects`;
    const drop = () => pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; DROP TABLE IF EXISTS ${effects}`);
    const open = () => postgresInbox({ pool, schema });
    const renew = async () => {
      await drop();
      await pool.query(`CREATE TABLE ${effects} (event_key text)`);
    };
    return ours(open, renew, ending(pool, drop), (event, tx) =>
      (tx as PostgresTransaction).query(`INSERT INTO ${effects} VALUES ($1)`, [event.key]),
    );
  },
  'INSERT and COMMIT a call': async (): Promise<Keeper> => {
    const pool = new pg.Pool({ connectionString: postgresUrl });
    const table = ownName();
    const drop = () => pool.query(`DROP TABLE IF EXISTS ${table}`);
    return {
      handle: async (event) => {
        await pool.query(`INSERT INTO ${table} (event_key, body) VALUES ($1, $2)`, [event.key, event.body]);
      },
      async renew() {
        await drop();
        await pool.query(
          `CREATE TABLE ${table} (id bigserial PRIMARY KEY, event_key text NOT NULL UNIQUE, body bytea NOT NULL)`,
        );
      },
      end: ending(pool, drop),
    };
  },
  'pg-boss': async (): Promise<Keeper> => {
    const name = 'pg-boss';
    const { default: Boss }: { default: new (options: object) => PgBoss } = await import(name);
    const pool = new pg.Pool({ connectionString: postgresUrl });
    const schema = ownName();
    const boss = new Boss({ connectionString: postgresUrl, schema, supervise: false, schedule: false });
    await boss.start();
    let queue = '';
    return {
      handle: async (event) => {
        const body = Buffer.from(event.body).toString('base64');
        if ((await boss.send(queue, { key: event.key, body })) === null) throw new Error('It was not kept.');
      },
      async renew() {
        queue = ownName();
        await boss.createQueue(queue);
      },
      async drain(count) {
        for (let left = count; left > 0; ) {
          const jobs = await boss.fetch(queue, { batchSize: Math.min(left, 100) });
          await boss.complete(
            queue,
            jobs.map((job) => job.id),
          );
          left -= jobs.length;
        }
      },
      end: async () => {
        await boss.stop({ graceful: false });
        await ending(pool, () => pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`))();
      },
    };
  },
} satisfies Record<string, () => Promise<Keeper>>;

export type KeeperName = keyof typeof keepers;

/** The keepers, in the order of the tables. */
export const keeperNames = Object.keys(keepers) as readonly KeeperName[];

/** Makes one, empty. */
export async function openKeeper(name: KeeperName): Promise<Keeper> {
  const keeper = await keepers[name]();
  await keeper.renew();
  return keeper;
}

/** An inbox of ours that can be exchanged for an empty one behind the receiver's back. */
function ours<Tx>(
  open: () => StoredInbox<Tx>,
  beforeOpening: () => Promise<unknown>,
  afterwards: () => Promise<unknown>,
  effect: (event: WebhookEvent, tx: Tx) => unknown = () => {},
): Keeper {
  let now: StoredInbox<Tx> | undefined;
  const current = () => {
    if (now === undefined) throw new Error('It is renewed first.');
    return now;
  };
  return {
    inbox: {
      accept: (call) => current().accept(call),
      work() {
        throw new Error('Here it only accepts.');
      },
    },
    async renew() {
      await now?.close();
      await beforeOpening();
      now = open();
      await now.stats();
    },
    async drain(count) {
      let left = count;
      let done = () => {};
      const ended = new Promise<void>((resolve) => {
        done = resolve;
      });
      const worker = startWorker<Record<never, never>, Tx>({
        inbox: current(),
        log: false,
        on: {
          '*': async (event: WebhookEvent, { tx }: { readonly tx: Tx }) => {
            await effect(event, tx);
            if (--left === 0) done();
          },
        },
      });
      await ended;
      // What is handled is written down.
      await worker.close();
    },
    async end() {
      await now?.close();
      await afterwards();
    },
  };
}

const ownName = () => `bench_${randomBytes(6).toString('hex')}`;

function ending(pool: pg.Pool, drop: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    await drop();
    await pool.end();
  };
}

/** What is used of pg-boss: its own types need not be installed. */
interface PgBoss {
  start(): Promise<unknown>;
  stop(options: object): Promise<void>;
  createQueue(name: string): Promise<void>;
  send(queue: string, data: object): Promise<string | null>;
  fetch(queue: string, options: object): Promise<readonly { readonly id: string }[]>;
  complete(queue: string, ids: readonly string[]): Promise<unknown>;
}
