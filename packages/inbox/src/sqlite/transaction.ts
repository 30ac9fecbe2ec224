import type { ClaimedEvent, StoreTransaction } from '../store.js';
import type { SqlValue } from './driver.js';
import type { Effect } from './settle.js';
import type { ThreadClient } from './thread-client.js';

/**
 * A handler's way into the inbox's own database file. SQLite has one writer at a time, and calls must go on being
 * accepted while a handler waits for something: so what it writes is gathered, and carried out together with marking
 * the event as handled, all or nothing, after the handler has finished.
 */
export interface SqliteTransaction {
  /**
   * Gathers a statement that writes: `tx.run('UPDATE customer SET bounced = ? WHERE email = ?', when, who)`. If it fails
   * when it is carried out, the attempt has failed.
   *
   * @throws Error when the attempt is over.
   */
  run(sql: string, ...values: SqlValue[]): void;
  /** Reads what is committed: not what this handler has gathered. @throws InboxError, as a rejection. */
  all(sql: string, ...values: SqlValue[]): Promise<unknown[]>;
}

export function beginTransaction(client: ThreadClient, event: ClaimedEvent): StoreTransaction<SqliteTransaction> {
  const effects: Effect[] = [];
  let isOver = false;
  return {
    tx: {
      run(sql, ...values) {
        if (isOver) throw new Error('tx.run: this attempt is over.');
        effects.push({ sql, values });
      },
      all: (sql, ...values) => client.ask('select', sql, values),
    },
    get isUsed() {
      return effects.length > 0;
    },
    async commit() {
      isOver = true;
      return client.ask('commit', event.id, event.lease, effects);
    },
    async rollback() {
      isOver = true;
    },
  };
}
