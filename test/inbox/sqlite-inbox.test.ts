import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WebhookEvent } from '@smtpeter-webhooks/events';
import { InboxError, startWorker } from '@smtpeter-webhooks/inbox';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';
import { signRequest } from '@smtpeter-webhooks/sender';
import { expect, it } from 'vitest';
import { atEnd, call, id, key, keyId, memoryLog, send, url } from '../vendor.testing.js';
import { databaseFile, serve, until } from './inbox.testing.js';

const open = (options: Partial<Parameters<typeof sqliteInbox>[0]> = {}) => {
  const inbox = sqliteInbox({ file: databaseFile(), ...options });
  atEnd(() => inbox.close({ timeoutMs: 0 }));
  return inbox;
};

it('answers 200 once the call is kept, and handles it afterwards', async () => {
  const inbox = open();
  const seen: WebhookEvent[] = [];
  const { to } = await serve({ inbox, on: { open: (event) => seen.push(event) } });
  const genuine = call();
  expect((await send(to, genuine)).status).toBe(200);
  await until(() => seen.length > 0);
  const [event] = seen;
  expect(Buffer.from(event?.body ?? [])).toEqual(Buffer.from(genuine.body));
  await until(async () => (await inbox.stats()).handled === 1);
  expect(await inbox.stats()).toMatchObject({
    accepted: 1,
    waiting: 0,
    running: 0,
    handled: 1,
    dead: 0,
    duplicates: 0,
  });
});

it('keeps calls without handlers, for a worker that comes later', async () => {
  const inbox = open();
  const { to, server } = await serve({ inbox });
  for (let i = 0; i < 20; i++) expect((await send(to)).status).toBe(200);
  expect(await inbox.stats()).toMatchObject({ accepted: 20, waiting: 20 });
  await server.close();
  const keys = new Set<string>();
  const worker = startWorker({ inbox, on: { '*': (event) => keys.add(event.key) }, log: false });
  await until(async () => (await inbox.stats()).handled === 20);
  expect(keys.size).toBe(20);
  await worker.close();
});

it('knows a call again, also in another process', async () => {
  const file = databaseFile();
  const first = await serve({ inbox: open({ file, eventKey: null }) });
  const second = await serve({ inbox: open({ file, eventKey: null }) });
  const genuine = call();
  expect((await send(first.to, genuine)).status).toBe(200);
  expect((await send(second.to, genuine)).status).toBe(200);
  expect(second.server.stats()).toMatchObject({ accepted: 0, duplicates: 1 });
});

it('knows an event again that is signed and sent again', async () => {
  const inbox = open();
  const { to } = await serve({ inbox });
  const body = 'type=open&id=1&recipient=a%40example.com';
  const sign = () => signRequest({ url, id, key, keyId, body, contentType: 'application/x-www-form-urlencoded' });
  await Promise.all(Array.from({ length: 46 }, () => send(to, sign())));
  expect(await inbox.stats()).toMatchObject({ accepted: 1, duplicates: 45 });
});

it('takes what makes an event the same from eventKey, and forgets it in time', async () => {
  const inbox = open({ eventKey: (event) => ('id' in event ? `${event.id}` : ''), eventKeyHours: 1 });
  const { to } = await serve({ inbox });
  const fields = (recipient: string) => ({ fields: { id: 'x1', recipient } });
  await send(to, call(fields('a@example.com')));
  await send(to, call(fields('b@example.com')));
  expect(await inbox.stats()).toMatchObject({ accepted: 1, duplicates: 1 });
  const [event] = await inbox.store.list({}, { after: 0, limit: 10 });
  expect(event?.eventKey).toMatch(/^[0-9a-f]{64}$/);
});

it('drops what accept does not want, and keeps what cannot be read', async () => {
  const inbox = open({ accept: (event) => event.kind !== 'open' });
  const { to } = await serve({ inbox });
  await send(to, call({ kind: 'open' }));
  await send(to, call({ kind: 'click' }));
  expect((await send(to, call({ body: '{"broken', contentType: 'application/json' }))).status).toBe(200);
  expect(await inbox.stats()).toMatchObject({ accepted: 2, dropped: 1 });
});

it('tries again, later and later, and parks what goes on failing with its errors', async () => {
  const inbox = open();
  let attempts = 0;
  const errors: unknown[] = [];
  const { to } = await serve({
    inbox,
    worker: { retryMs: 1, maxRetryMs: 5, maxAttempts: 4 },
    onError: (error) => errors.push(error),
    on: {
      open(_event, context) {
        expect(context.attempt).toBe(++attempts);
        throw new Error('the database is down');
      },
    },
  });
  await send(to);
  await until(async () => (await inbox.stats()).dead === 1);
  expect(attempts).toBe(4);
  expect(errors).toHaveLength(4);
  const [dead] = await inbox.store.list({ states: ['dead'] }, { after: 0, limit: 1 });
  expect(dead?.errors.map((one) => one.message)).toEqual(Array(4).fill('Error: the database is down'));
  expect(await inbox.store.retry({ error: 'DATABASE' }, { after: 0, limit: 10 })).toEqual({ changed: 1, next: null });
  await until(() => attempts > 4);
});

it('handles the events of one key one after the other, in order, while a failing one holds up its own key only', async () => {
  const inbox = open({ orderBy: (event) => ('recipient' in event ? event.recipient : undefined) });
  const seen = new Map<string, string[]>();
  const running = new Set<string>();
  let failures = 3;
  const { to } = await serve({ inbox });
  for (let i = 0; i < 60; i++) await send(to, call({ fields: { recipient: `r${i % 6}@example.com`, id: `${i}` } }));
  const worker = startWorker({
    inbox,
    retryMs: 20,
    log: false,
    on: {
      async open(event) {
        const { recipient = '', id = '' } = event;
        expect(running.has(recipient)).toBe(false);
        running.add(recipient);
        await new Promise((resolve) => setImmediate(resolve));
        running.delete(recipient);
        if (recipient === 'r0@example.com' && failures-- > 0) throw new Error('no');
        seen.set(recipient, [...(seen.get(recipient) ?? []), id]);
      },
    },
  });
  await until(async () => (await inbox.stats()).handled === 60);
  for (const [recipient, ids] of seen) {
    const number = Number(recipient[1]);
    expect(ids, recipient).toEqual(Array.from({ length: 10 }, (_, i) => `${number + i * 6}`));
  }
  await worker.close();
});

it('handles a batch all or nothing, and isolates what spoils it', async () => {
  const inbox = open();
  const { to } = await serve({ inbox });
  for (let i = 0; i < 30; i++) await send(to, call({ fields: { id: `${i}` } }));
  const batches: number[] = [];
  const worker = startWorker({
    inbox,
    log: false,
    retryMs: 1,
    maxAttempts: 12,
    batch: {
      maxEvents: 16,
      maxWaitMs: 20,
      handle(events) {
        if (events.some((event) => 'id' in event && event.id === '7')) throw new Error('spoiled');
        batches.push(events.length);
      },
    },
  });
  await until(async () => (await inbox.stats()).dead === 1);
  expect(await inbox.stats()).toMatchObject({ handled: 29, dead: 1 });
  expect(batches.reduce((sum, one) => sum + one, 0)).toBe(29);
  await worker.close();
});

it('writes what a handler does in tx together with its end, or not at all', async () => {
  const file = databaseFile();
  const inbox = open({ file });
  const { to } = await serve({ inbox });
  await send(to);
  await inbox.stats();
  const database = new (createRequire(import.meta.url)('libsql'))(file);
  atEnd(() => database.close());
  database.exec('CREATE TABLE effect (recipient TEXT)');
  let attempts = 0;
  const worker = startWorker({
    inbox,
    log: false,
    retryMs: 1,
    on: {
      open(event, { tx }) {
        tx.run('INSERT INTO effect VALUES (?)', event.recipient ?? null);
        if (++attempts === 1) throw new Error('after the effect');
        if (attempts === 2) tx.run('INSERT INTO nowhere VALUES (1)');
      },
    },
  });
  await until(async () => (await inbox.stats()).handled === 1);
  expect(attempts).toBe(3);
  expect(database.prepare('SELECT count(*) AS n FROM effect').get().n).toBe(1);
  await worker.close();
});

it('answers 503 and stores nothing when the file cannot be used, each with its code', async () => {
  const file = databaseFile();
  const log = memoryLog();
  const inbox = open({ file });
  const { to, server } = await serve({ inbox, log });
  expect((await send(to)).status).toBe(200);
  renameSync(file, `${file}.away`);
  const gone = await send(to);
  expect(gone.status).toBe(503);
  expect(Number(gone.headers['retry-after'])).toBeGreaterThan(0);
  expect(log.lines.join('\n')).toContain('ERR_INBOX_GONE');
  expect(server.stats().rejected).toEqual({ ERR_INBOX_UNAVAILABLE: 1 });

  const damaged = databaseFile();
  writeFileSync(damaged, 'this is not a database, and it is long enough to be looked at as one'.repeat(50));
  await expect(open({ file: damaged }).stats()).rejects.toMatchObject({ code: 'ERR_INBOX_CORRUPT' });
  await expect(open({ file: '/nowhere/at/all.db' }).stats()).rejects.toMatchObject({ code: 'ERR_INBOX_IO' });
});

it('does not touch a database from the future', async () => {
  const file = databaseFile();
  const first = sqliteInbox({ file });
  await first.stats();
  await first.close();
  const database = new (createRequire(import.meta.url)('libsql'))(file);
  database.exec('PRAGMA user_version = 999');
  database.close();
  await expect(open({ file }).stats()).rejects.toMatchObject({ code: 'ERR_INBOX_SCHEMA_NEWER' });
  expect(new InboxError('ERR_INBOX_SCHEMA_NEWER')).toBeInstanceOf(Error);
});

it('answers 503 while as many wait as may', async () => {
  const inbox = open({ maxWaiting: 3 });
  const { to } = await serve({ inbox });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await send(to)).status);
  expect(statuses).toEqual([200, 200, 200, 503, 503]);
});

it('hands back what it has when it is closed', async () => {
  const inbox = open();
  const { to } = await serve({ inbox });
  for (let i = 0; i < 30; i++) await send(to);
  const worker = startWorker({ inbox, log: false, concurrency: 2, on: { '*': () => new Promise(() => {}) } });
  await until(async () => (await inbox.stats()).running > 2);
  await worker.close({ timeoutMs: 10 });
  expect(await inbox.stats()).toMatchObject({ waiting: 30, running: 0 });
  const events = await inbox.store.list({}, { after: 0, limit: 100 });
  expect(events.every((event) => event.attempts === 0)).toBe(true);
});
