import { createInbox, type InboxStore, startWorker } from '@smtpeter-webhooks/inbox';
import { type SqliteTransaction, sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, keep, until } from './inbox.testing.js';

type Store = InboxStore<SqliteTransaction>;

/** An inbox in a file, of whose store some methods are others. */
function inboxWith(change: (store: Store) => Partial<Store>) {
  const store = sqliteStore({ file: databaseFile() });
  const inbox = createInbox({ ...store, ...change(store) });
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  return inbox;
}

it('handles the next event while the end of the one before is written down, and writes many down at a time', async () => {
  let settles = 0;
  const inbox = inboxWith((store) => ({
    settle(outcomes) {
      settles++;
      return store.settle(outcomes);
    },
  }));
  await keep(inbox, 300);
  let most = 0;
  let running = 0;
  const handle = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  startWorker({ inbox, log: false, concurrency: 1, on: { '*': handle } });
  await until(async () => (await inbox.stats()).handled === 300);
  expect(most).toBe(1);
  expect(settles).toBeLessThan(150);
});

it('lets handlers wait while the store cannot write down what has been done', async () => {
  let go: () => void = () => {};
  const stuck = new Promise<void>((resolve) => {
    go = resolve;
  });
  let asked = 0;
  const inbox = inboxWith((store) => ({
    async settle(outcomes) {
      asked++;
      await stuck;
      return store.settle(outcomes);
    },
  }));
  await keep(inbox, 3000);
  let handled = 0;
  startWorker({ inbox, log: false, concurrency: 50, on: { '*': () => void handled++ } });
  await until(() => asked > 0 && handled >= 1050);
  // Whatever it could take and handle besides would be there by now.
  for (let i = 0; i < 5; i++) await inbox.stats();
  expect(handled).toBe(1050);
  go();
  await until(async () => (await inbox.stats()).handled === 3000);
});
