import { randomBytes } from 'node:crypto';
import type { InboxStore, NewCall, StoredEvent } from '@smtpeter-webhooks/inbox';
import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/process.testing.js';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';
import { hasPostgres, ownSchema, pool, postgresUrl } from './postgres.testing.js';

const all = { after: 0, limit: 10_000 };
const claim = (store: InboxStore<unknown>, limit: number) =>
  store.claim({ owner: 'one', limit, leaseMs: 600_000, exceptKinds: [] });

/** Events in every state, with everything that an event can have. */
async function fill(store: InboxStore<unknown>): Promise<NewCall[]> {
  const now = Date.now();
  const calls = Array.from({ length: 1100 }, (_, i) =>
    newCall({
      body: randomBytes(i % 50),
      eventKey: randomBytes(32).toString('hex'),
      eventKeyUntil: now + 600_000,
      replayKey: randomBytes(16),
      receivedAt: now - 100_000 + Math.floor(i / 2),
      headers: ['Host', 'example.com', 'X-\u00fc', `\u009b${i}`, 'Signature', `s${i}`],
      kind: i % 3 ? 'open' : 'click',
      recipient: i % 5 ? `r${i}@example.com` : null,
      contentType: i % 7 ? 'application/json' : null,
      contentTypeSigned: i % 2 === 0,
      orderKey: i % 4 ? `key ${i % 9} \u{1f600}` : null,
    }),
  );
  // The same bytes at the same moment, but two calls.
  const twin = {
    ...calls[0],
    eventKeyUntil: null,
    replayKey: randomBytes(16),
    headers: ['Signature', 'twin'],
  } as NewCall;
  await store.accept([...calls.slice(0, 1), twin, ...calls.slice(1)]);
  for (const turn of [1, 2, 3]) {
    const { events } = await claim(store, 60);
    await store.settle(
      events.map(({ id, lease }, i) =>
        i % 3 === 0
          ? { id, lease, to: 'handled' as const }
          : i % 3 === 1
            ? { id, lease, to: 'dead' as const, error: `dead in turn ${turn}` }
            : { id, lease, to: 'waiting' as const, afterMs: i % 2 ? 0 : 600_000, error: `late\u0085 in turn ${turn}` },
      ),
    );
  }
  await claim(store, 20);
  return calls;
}

/** What must be the same on the other side: all but ids, and that what was running waits. */
const kept = (events: readonly StoredEvent[]) =>
  events.map(({ id: _, body, state, ...rest }) => ({
    ...rest,
    state: state === 'running' ? 'waiting' : state,
    body: Buffer.from(body).toString('hex'),
  }));

const exported = async (inbox: readonly string[]) => (await run(['inbox', 'export', ...inbox])).stdout;
const imported = async (inbox: readonly string[], input: string) =>
  JSON.parse((await run(['inbox', 'import', ...inbox, '--json'], { input })).stdout);

describe.skipIf(!hasPostgres)('moving (skipped where no PostgreSQL runs, see TEST_POSTGRES_URL)', () => {
  it('from SQLite to PostgreSQL and back keeps states, attempts, errors, order and event keys', async () => {
    const files = [databaseFile(), databaseFile()] as const;
    const first = sqliteStore({ file: files[0] });
    const schema = ownSchema();
    const second = postgresStore({ pool: pool({ max: 3 }), schema });
    const third = sqliteStore({ file: files[1] });
    for (const store of [first, second, third]) atEnd(() => store.close());
    const calls = await fill(first);
    const before = await first.list({}, all);
    expect(new Set(before.map((event) => event.state)).size).toBe(4);

    const lines = await exported(['--inbox', `sqlite:${files[0]}`]);
    // A terminal acts on these.
    expect(lines).not.toMatch(/[\u0080-\u009f]/);
    const inPostgres = ['--inbox', postgresUrl, '--schema', schema];
    expect(await imported(inPostgres, lines)).toEqual({ ok: true, imported: 1101, known: 0 });
    expect(await imported(inPostgres, lines)).toEqual({ ok: true, imported: 0, known: 1101 });
    expect(kept(await second.list({}, all))).toEqual(kept(before));

    expect(await imported(['--inbox', `sqlite:${files[1]}`], await exported(inPostgres))).toMatchObject({
      imported: 1101,
    });
    expect(kept(await third.list({}, all))).toEqual(kept(before));

    for (const store of [second, third]) {
      // An event that is sent again after the move is known again; another one is not.
      expect(await store.accept([{ ...(calls[700] as NewCall), replayKey: randomBytes(16) }])).toEqual([false]);
      expect(await store.accept([newCall({ eventKeyUntil: Date.now() + 1000 })])).toEqual([true]);
      // Of each key the oldest comes first, one at a time.
      const { events } = await claim(store, 1000);
      const ofKey = new Map(events.map((event) => [event.orderKey, event]));
      for (const [orderKey, event] of ofKey) {
        if (orderKey === null) continue;
        const open = (await store.list({ states: ['waiting', 'running'] }, all)).filter(
          (one) => one.orderKey === orderKey,
        );
        expect(event.id).toBe(open[0]?.id);
      }
    }
  });
});
