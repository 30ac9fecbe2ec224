import { createInbox, startWorker } from '@smtpeter-webhooks/inbox';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, until, verifiedCall } from './inbox.testing.js';

it('does not ask while nothing happens, answers any number of notifications that come together with a look or two, and misses no event over it', async () => {
  const store = sqliteStore({ file: databaseFile() });
  let claims = 0;
  let tell = () => {};
  const counted: typeof store = {
    ...store,
    claim: (request) => {
      claims++;
      return store.claim(request);
    },
    listen: (told) => {
      tell = told;
      return () => {};
    },
  };
  const inbox = createInbox(counted);
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  const seen: unknown[] = [];
  startWorker({ inbox, log: false, pollMs: 3_600_000, on: { open: (event) => seen.push(event.id) } });
  await until(() => claims > 0);
  for (let i = 0; i < 100; i++) await inbox.stats();
  expect(claims, 'with nothing to do').toBeLessThan(4);
  const before = claims;
  for (let i = 0; i < 10_000; i++) tell();
  await inbox.accept(verifiedCall(1, 'a@example.com'));
  for (let i = 0; i < 10_000; i++) tell();
  await until(() => seen.length === 1);
  await until(async () => (await inbox.stats()).handled === 1);
  expect(claims - before).toBeLessThan(10);
});

/** An inbox with so many events, and a worker that is never told and never polls: it must go on by itself. */
async function backlog(count: number, options: object): Promise<ReturnType<typeof createInbox>> {
  const store = sqliteStore({ file: databaseFile() });
  const inbox = createInbox({ ...store, listen: () => () => {} });
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  await Promise.all(Array.from({ length: count }, (_, i) => inbox.accept(verifiedCall(i, `r${i}@example.com`))));
  startWorker({ inbox, log: false, pollMs: 3_600_000, ...options } as Parameters<typeof startWorker>[0]);
  return inbox;
}

it('takes more of a kind that was left out for there was enough of it', async () => {
  const inbox = await backlog(150, { concurrency: { open: 1, '*': 10 }, on: { open() {} } });
  await until(async () => (await inbox.stats()).handled === 150);
});

it('takes one batch after the other', async () => {
  const inbox = await backlog(150, { batch: { maxEvents: 4, maxWaitMs: 1, handle() {} } });
  await until(async () => (await inbox.stats()).handled === 150);
});
