import type { ClaimedEvent, StoreTransaction } from '../store.js';
import { toInboxError } from './failure.js';
import { connectTo, type PostgresClient, type PostgresPool, type PostgresResult } from './pool.js';

/** A handler's transaction: the one in which its event is marked as handled. It begins with the first query. */
export interface PostgresTransaction {
  /** @throws what pg throws; Error when the attempt is over; TypeError for what would end the transaction. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
}

export function beginTransaction(
  getPool: () => Promise<PostgresPool>,
  event: ClaimedEvent,
  /** Marks the event as handled. Gives what is to be done once that is committed; undefined when the lease was lost. */
  settle: (client: Pick<PostgresClient, 'query'>) => Promise<(() => Promise<unknown>) | undefined>,
): StoreTransaction<PostgresTransaction> {
  let opening: Promise<PostgresClient> | undefined;
  let isOver = false;
  const open = async () => {
    const client = await connectTo(await getPool());
    try {
      await client.query('BEGIN');
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  const rollback = async () => {
    isOver = true;
    const client = await opening?.catch(() => undefined);
    opening = undefined;
    const broken = await client?.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client?.release(broken);
  };
  return {
    tx: {
      async query(text, values) {
        if (isOver) throw new Error(`tx.query: this attempt at event ${event.id} is over.`);
        if (isEnd(text)) {
          throw new TypeError(
            'tx.query: the transaction is the inbox’s; it ends when the handler does. Savepoints are yours.',
          );
        }
        opening ??= open();
        return (await opening).query(text, values);
      },
    },
    get isUsed() {
      return opening !== undefined;
    },
    async commit() {
      isOver = true;
      opening ??= open();
      const client = await opening;
      const after = await settle(client);
      if (after === undefined) {
        await rollback();
        return false;
      }
      try {
        await client.query('COMMIT');
      } catch (error) {
        // Whether it was committed is not known here; the lease knows: only one of the two can end this event.
        throw toInboxError(error);
      }
      opening = undefined;
      client.release();
      await after();
      return true;
    },
    rollback,
  };
}

/** True of what would end the transaction, and with it the promise that effect and event are one. */
function isEnd(text: string): boolean {
  const [first = '', second = '', third = ''] = text
    .trimStart()
    .slice(0, 100)
    .toLowerCase()
    .split(/[^a-z0-9_]+/);
  if (first === 'start' || first === 'prepare') return second === 'transaction';
  // To a savepoint is no end.
  if (first === 'rollback') return (second === 'work' || second === 'transaction' ? third : second) !== 'to';
  return ['begin', 'commit', 'end', 'abort'].includes(first);
}
