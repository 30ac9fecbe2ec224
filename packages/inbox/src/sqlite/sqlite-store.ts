import type { InboxStore } from '../store.js';
import type { DriverName } from './driver.js';
import { toClaimedEvent } from './rows.js';
import { ThreadClient } from './thread-client.js';
import { beginTransaction, type SqliteTransaction } from './transaction.js';

export type { SqliteTransaction } from './transaction.js';

/** The settings of a store in a SQLite file. */
export interface SqliteStoreOptions {
  /** The path of the database file; it is made when it is not there. Not on a network file system. */
  readonly file: string;
  /** Default: libsql if it is installed, else Node's own. */
  readonly driver?: DriverName;
  /** How long to wait for another process that writes, in milliseconds; default 5,000. */
  readonly busyTimeoutMs?: number;
}

/** A store whose clock can be put forward, for tests. */
export interface SqliteStore extends InboxStore<SqliteTransaction> {
  /** Milliseconds by which its clock is ahead, up to 24 days. */
  offsetMs: number;
}

const CHANGED_MS = 100;

/**
 * Makes a store of a SQLite file. Several processes of one machine may have it open.
 *
 * @throws TypeError that names the option that is wrong.
 */
export function sqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { file, driver, busyTimeoutMs = 5000 } = options;
  if (typeof file !== 'string' || file === '' || file.startsWith(':'))
    throw new TypeError('file: give the path of a file.');
  if (!(Number.isInteger(busyTimeoutMs) && busyTimeoutMs >= 0))
    throw new TypeError('busyTimeoutMs: give milliseconds.');
  const client = new ThreadClient({ file, busyTimeoutMs, ...(driver !== undefined && { driver }) });
  let offset = 0;
  return {
    get offsetMs() {
      return offset;
    },
    set offsetMs(ms: number) {
      offset = ms;
      client.offsetMs = ms;
    },
    accept: (calls) => client.ask('accept', calls),
    countRepeats: (count) => client.ask('countRepeats', count),
    countWaiting: (limit) => client.ask('countWaiting', limit),
    async claim(request) {
      const { rows, more } = await client.ask('claim', request);
      // Made into events here: the thread has enough to do.
      return { events: rows.map(toClaimedEvent), more };
    },
    renew: (leases, leaseMs) => client.ask('renew', leases, leaseMs),
    settle: (outcomes) => client.ask('settle', outcomes),
    expire: (request) => client.ask('expire', request),
    owners: () => client.ask('owners'),
    begin: (event) => beginTransaction(client, event),
    sweep: (handledBefore) => client.ask('sweep', handledBefore),
    stats: () => client.ask('stats'),
    list: (filter, page) => client.ask('list', filter, page),
    retry: (filter, page) => client.ask('retry', filter, page),
    park: (filter, page) => client.ask('park', filter, page),
    prune: (filter, page) => client.ask('prune', filter, page),
    wipe: () => client.ask('wipe'),
    import: (events) => client.ask('importEvents', events),
    listen: (tell) => listen(client, tell),
    close: () => client.close(),
  };
}

/** SQLite tells nobody of changes; but it knows cheaply whether another connection has made any. */
function listen(client: ThreadClient, tell: () => void): () => void {
  let known: number | undefined;
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    client
      .ask('dataVersion')
      .then((version) => {
        if (known !== undefined && version !== known) tell();
        known = version;
      })
      .catch(() => {})
      .finally(() => {
        asking = false;
      });
  }, CHANGED_MS);
  timer.unref();
  return () => clearInterval(timer);
}
