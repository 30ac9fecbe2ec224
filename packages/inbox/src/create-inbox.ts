import type { Inbox, InboxCall, InboxOutcome, InboxTask, InboxWorker } from '@smtpeter-webhooks/receiver';
import { type AcceptOptions, readAcceptOptions } from './accept-options.js';
import { Admission } from './admission.js';
import { InboxError } from './errors.js';
import { newCallOf } from './new-call.js';
import type { InboxStore, StoreStats } from './store.js';
import { startSweeps } from './sweeps.js';
import { EventWorker } from './worker.js';

/** What an inbox has seen. */
export interface InboxStats extends StoreStats {
  /** Calls that this process answered 200 without keeping them, because `accept` did not want them. */
  readonly dropped: number;
}

/** An inbox that keeps calls in a store. */
export interface StoredInbox<Tx = undefined> extends Inbox<Tx> {
  readonly store: InboxStore<Tx>;
  /** @throws InboxError, as a rejection. */
  stats(): Promise<InboxStats>;
  /** Stops this process's workers and lets go of the store. Calls that come later are answered 503. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * Makes an inbox of a store. `sqliteInbox` and `postgresInbox` do so for you.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createInbox<Tx = undefined>(store: InboxStore<Tx>, options: AcceptOptions = {}): StoredInbox<Tx> {
  const settings = readAcceptOptions(options);
  const admission = new Admission(store, settings);
  const workers = new Set<EventWorker<Tx>>();
  const sweeps = startSweeps(store, settings.keepHandledMs);
  let dropped = 0;
  let closed = false;

  async function accept(call: InboxCall): Promise<InboxOutcome> {
    if (closed) throw new InboxError('ERR_INBOX_CLOSED');
    const kept = newCallOf(call, settings, (error) => {
      // The call matters more than what is known of it.
      process.emitWarning(`The event of a call could not be examined; it was kept: ${describe(error)}`);
    });
    if (kept === undefined) {
      dropped++;
      return 'dropped';
    }
    const isNew = await admission.add(kept);
    if (isNew) for (const worker of workers) worker.wake();
    return isNew ? 'kept' : 'repeat';
  }

  function work(task: InboxTask<Tx>): InboxWorker {
    if (closed) throw new InboxError('ERR_INBOX_CLOSED');
    const worker = new EventWorker(store, task);
    workers.add(worker);
    return {
      async close(how) {
        await worker.close(how);
        workers.delete(worker);
      },
    };
  }

  return {
    store,
    accept,
    work,
    stats: async () => ({ ...(await store.stats()), dropped }),
    async close(how) {
      closed = true;
      sweeps.stop();
      await Promise.all([...workers].map((worker) => worker.close(how)));
      await admission.idle();
      await store.close();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
