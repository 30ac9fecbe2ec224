import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { expect, it } from 'vitest';
import { run } from '../cli/process.testing.js';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';

const all = { after: 0, limit: 10_000 };

it('prune --recipient leaves nothing of the recipient in the file, its log, or free pages of either', async () => {
  const file = databaseFile();
  const store = sqliteStore({ file });
  atEnd(() => store.close());
  const name = (i: number) => (i % 3 === 0 ? 'erase.me' : `stays${i}`);
  const calls = Array.from({ length: 900 }, (_, i) => {
    const recipient = `${name(i)}@example.com`;
    // Bodies that share a page, and that have pages of their own.
    const body = Buffer.from(`recipient=${name(i)}%40example.com&text=${'x'.repeat(i % 10 === 0 ? 9000 : i)}`);
    const keys = { eventKey: randomBytes(32).toString('hex'), replayKey: randomBytes(16) };
    return newCall({ ...keys, recipient, body, orderKey: i % 2 ? recipient : null });
  });
  for (let i = 0; i < calls.length; i += 50) await store.accept(calls.slice(i, i + 50));
  // They are moved about before they are deleted: taken, failed with errors that name them, handled, parked, swept.
  for (let turn = 0; turn < 12; turn++) {
    const { events } = await store.claim({ owner: 'someone', limit: 60, leaseMs: 60_000, exceptKinds: [] });
    const error = (id: number) => `no erase.me@example.com ${'y'.repeat(id % 300)}`;
    await store.settle(
      events.map(({ id, lease }, i) =>
        i % 2
          ? { id, lease, to: 'handled' as const }
          : { id, lease, to: 'waiting' as const, afterMs: 0, error: id % 3 === 1 ? error(id) : 'no' },
      ),
    );
  }
  await store.park({ recipient: 'erase.me@example.com', states: ['waiting'] }, { after: 200, limit: 50 });
  await store.sweep(Date.now() + 60_000);
  const files = () =>
    [file, `${file}-wal`].filter((path) => existsSync(path)).map((path) => readFileSync(path).toString('latin1'));
  expect(files().join('')).toContain('erase.me');
  const inbox = `sqlite:${file}`;
  const { stdout } = await run(['inbox', 'prune', '--inbox', inbox, '--recipient', 'Erase.Me@example.com', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, wiped: true });
  expect(JSON.parse(stdout).pruned).toBeGreaterThan(100);
  for (const text of files()) expect(text.includes('erase.me')).toBe(false);
  const left = await store.list({}, all);
  expect(left.length).toBeGreaterThan(100);
  expect(left.every((event) => event.recipient?.startsWith('stays'))).toBe(true);
});
