import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { ClaimedEvent, InboxStore, NewCall } from '../store.js';

/** What the cases need: stores that share one empty place, as two processes would. */
export interface ConformanceSetting {
  /** Gives a store at the place of this name; the same place for the same name, empty the first time. */
  open(place: string): Promise<InboxStore<unknown>>;
}

/** Something that every store must do. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws AssertionError, as a rejection, when the store does not do it. */
  run(setting: ConformanceSetting): Promise<void>;
}

const all = { after: 0, limit: 1000 };
const MINUTE = 60_000;

/** A call as an inbox hands it to a store. */
function newCall(change: Partial<NewCall> = {}): NewCall {
  const body = randomBytes(20);
  return {
    body,
    contentType: 'application/json',
    contentTypeSigned: true,
    headers: ['Host', 'example.com', 'X-Ünicode', 'ï'],
    identity: 'environment-1',
    url: 'https://example.com/hooks?a=1',
    receivedAt: Date.now(),
    eventKey: createHash('sha256').update(body).digest('hex'),
    eventKeyUntil: Date.now() + 60 * MINUTE,
    replayKey: randomBytes(16),
    replayUntil: Date.now() + 10 * MINUTE,
    kind: 'open',
    recipient: 'someone@example.com',
    orderKey: null,
    ...change,
  };
}

const claim = (store: InboxStore<unknown>, limit = 100, owner = 'one', leaseMs = MINUTE, exceptKinds: string[] = []) =>
  store.claim({ owner, limit, leaseMs, exceptKinds });

const handled = ({ id, lease }: ClaimedEvent) => ({ id, lease, to: 'handled' }) as const;

/** Asks until leases of a few milliseconds are over. */
async function expired(store: InboxStore<unknown>, maxAttempts = 25): Promise<number> {
  for (let tries = 0; tries < 500; tries++) {
    const count = await store.expire({ owners: [], maxAttempts });
    if (count > 0) return count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return 0;
}

type Body = (store: InboxStore<unknown>, other: InboxStore<unknown>) => Promise<void>;

const bodies: Readonly<Record<string, Body>> = {
  async 'gives back exactly what was kept'(store) {
    const call = newCall({ body: Uint8Array.from([0, 255, 10, 13]), recipient: null, contentType: null });
    assert.deepEqual(await store.accept([call]), [true]);
    const { events } = await claim(store);
    const [event] = events;
    assert.ok(event);
    assert.deepEqual(Buffer.from(event.body), Buffer.from(call.body));
    const { attempt, headers, url, contentType, contentTypeSigned, eventKey, receivedAt, kind } = event;
    assert.deepEqual(
      { attempt, headers, url, contentType, contentTypeSigned, eventKey, receivedAt, kind },
      {
        attempt: 1,
        headers: call.headers,
        url: call.url,
        contentType: null,
        contentTypeSigned: true,
        eventKey: call.eventKey,
        receivedAt: call.receivedAt,
        kind: 'open',
      },
    );
  },
  async 'knows replays and events again, also through another store'(store, other) {
    const call = newCall();
    assert.deepEqual(await store.accept([call]), [true]);
    assert.deepEqual(await other.accept([newCall({ replayKey: call.replayKey })]), [false]);
    assert.deepEqual(await other.accept([newCall({ eventKey: call.eventKey }), newCall()]), [false, true]);
    assert.deepEqual(await other.accept([newCall({ eventKey: call.eventKey, eventKeyUntil: null })]), [true]);
    await store.countRepeats(3);
    const { accepted, duplicates, waiting } = await store.stats();
    assert.deepEqual({ accepted, duplicates, waiting }, { accepted: 3, duplicates: 5, waiting: 3 });
  },
  async 'takes an event again once its key is over'(store) {
    const call = newCall({ eventKeyUntil: Date.now() - 1000 });
    assert.deepEqual(await store.accept([call]), [true]);
    assert.deepEqual(await store.accept([newCall({ eventKey: call.eventKey })]), [true]);
    assert.deepEqual(await store.accept([newCall({ eventKey: call.eventKey })]), [false]);
  },
  async 'keeps one of many that come at the same time'(store, other) {
    const call = newCall();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).accept([newCall({ eventKey: call.eventKey })])),
    );
    assert.equal(results.flat().filter(Boolean).length, 1);
  },
  async 'gives an event to one worker only'(store, other) {
    await store.accept(Array.from({ length: 60 }, () => newCall()));
    const takes = await Promise.all(Array.from({ length: 12 }, (_, i) => claim(i % 2 ? store : other, 10, `w${i}`)));
    const ids = takes.flatMap((one) => one.events.map((event) => event.id));
    assert.equal(new Set(ids).size, ids.length);
    const rest = await claim(store, 100);
    assert.equal(ids.length + rest.events.length, 60);
  },
  async 'takes the oldest first, and no kind of which there is enough'(store) {
    await store.accept([newCall({ kind: 'open' }), newCall({ kind: 'click' }), newCall({ kind: 'open' })]);
    const { events } = await claim(store, 2, 'one', MINUTE, ['click']);
    assert.deepEqual(
      events.map((event) => event.kind),
      ['open', 'open'],
    );
    assert.ok((events[0]?.id ?? 0) < (events[1]?.id ?? 0));
  },
  async 'handles one key in order, one at a time, whatever became of the others'(store, other) {
    await store.accept(Array.from({ length: 4 }, () => newCall({ orderKey: 'a' })));
    await store.accept([newCall({ orderKey: 'b' }), newCall()]);
    const first = await claim(store);
    assert.deepEqual(
      first.events.map((event) => event.orderKey),
      ['a', 'b', null],
    );
    assert.deepEqual((await claim(other)).events, []);
    const [head] = first.events;
    assert.ok(head);
    const later = { id: head.id, lease: head.lease, to: 'waiting', afterMs: 10 * MINUTE, error: 'no' } as const;
    assert.deepEqual(await store.settle([later]), [true]);
    assert.deepEqual((await claim(other)).events, [], 'a failing head must hold up its key');
    await store.retry({ ids: [head.id] }, all);
    const again = (await claim(other)).events[0];
    assert.equal(again?.id, head.id);
    assert.ok(again);
    assert.deepEqual(await store.settle([{ id: again.id, lease: again.lease, to: 'dead', error: 'no' }]), [true]);
    const next = (await claim(other)).events;
    assert.deepEqual(
      next.map((event) => event.orderKey),
      ['a'],
      'a parked head must not hold up its key',
    );
    assert.ok((next[0]?.id ?? 0) > head.id);
  },
  async 'takes back what a lost worker had, and listens to it no more'(store, other) {
    await store.accept([newCall()]);
    const [mine] = (await claim(store, 1, 'one', 5)).events;
    assert.ok(mine);
    assert.equal(await expired(other), 1);
    assert.deepEqual(await store.settle([handled(mine)]), [false]);
    assert.deepEqual(await store.renew([mine], MINUTE), [mine.id]);
    const [theirs] = (await claim(other, 1, 'two')).events;
    assert.equal(theirs?.id, mine.id);
    assert.equal(theirs?.attempt, 2);
    assert.deepEqual(await store.settle([handled(mine)]), [false]);
    assert.ok(theirs);
    assert.deepEqual(await other.settle([handled(theirs)]), [true]);
    assert.deepEqual(await other.settle([handled(theirs)]), [false]);
  },
  async 'keeps what is renewed, and takes back what named owners had'(store, other) {
    await store.accept([newCall(), newCall()]);
    const [one] = (await claim(store, 1, 'a/b/1/c/1')).events;
    const [two] = (await claim(store, 1, 'a/b/1/c/11')).events;
    assert.ok(one && two);
    assert.deepEqual([...(await store.owners())].sort(), ['a/b/1/c/1', 'a/b/1/c/11']);
    assert.deepEqual(await store.renew([one, two], MINUTE), []);
    assert.equal(await other.expire({ owners: ['a/b/1/c/1'], maxAttempts: 25 }), 1);
    assert.deepEqual(await store.settle([handled(one), handled(two)]), [false, true]);
  },
  async 'parks what kills its workers'(store) {
    await store.accept([newCall()]);
    await claim(store, 1, 'one', 1);
    assert.equal(await expired(store, 1), 1);
    const [dead] = await store.list({ states: ['dead'] }, all);
    assert.equal(dead?.errors.length, 1);
  },
  async 'counts what was tried, and not what was handed back'(store) {
    await store.accept([newCall()]);
    const [one] = (await claim(store)).events;
    assert.ok(one);
    await store.settle([{ id: one.id, lease: one.lease, to: 'waiting', afterMs: 0 }]);
    const [two] = (await claim(store)).events;
    assert.equal(two?.attempt, 1);
    assert.ok(two);
    await store.settle([{ id: two.id, lease: two.lease, to: 'waiting', afterMs: 0, error: 'first' }]);
    const [three] = (await claim(store)).events;
    assert.equal(three?.attempt, 2);
    const [kept] = await store.list({ error: 'FIRST' }, all);
    assert.deepEqual(
      kept?.errors.map(({ attempt, message }) => ({ attempt, message })),
      [{ attempt: 1, message: 'first' }],
    );
  },
  async 'finds, parks, retries and deletes what is asked for, and counts on'(store) {
    await store.accept([newCall({ recipient: 'A@example.com' }), newCall({ kind: 'click' }), newCall()]);
    assert.equal((await store.list({ recipient: 'a@EXAMPLE.com' }, all)).length, 1);
    assert.equal((await store.list({ receivedBefore: Date.now() - MINUTE }, all)).length, 0);
    assert.deepEqual(await store.park({ kind: 'click' }, all), { changed: 1, next: null });
    assert.equal((await store.stats()).dead, 1);
    assert.deepEqual(await store.park({ states: ['dead'] }, all), { changed: 0, next: null });
    assert.deepEqual(await store.retry({ kind: 'click' }, all), { changed: 1, next: null });
    const { events } = await claim(store, 1);
    assert.ok(events[0]);
    assert.deepEqual(await store.prune({}, all), { changed: 2, next: null });
    await store.settle([handled(events[0])]);
    await store.prune({ states: ['handled'] }, all);
    const { accepted, handled: done, waiting, running, dead } = await store.stats();
    assert.deepEqual(
      { accepted, done, waiting, running, dead },
      { accepted: 3, done: 1, waiting: 0, running: 0, dead: 0 },
    );
  },
  async 'takes in what another store gave, in order and once'(store, other) {
    await store.accept(Array.from({ length: 5 }, (_, i) => newCall({ receivedAt: 1000 + i })));
    const events = await store.list({}, all);
    await store.prune({}, all);
    assert.equal(await other.import(events), 5);
    assert.equal(await other.import(events), 0);
    const there = await store.list({}, all);
    assert.deepEqual(
      there.map((event) => event.receivedAt),
      [1000, 1001, 1002, 1003, 1004],
    );
  },
};

/**
 * What every store must do, as cases for any test runner: `for (const { name, run } of storeConformance()) it(name, () =>
 * run({ open }))`.
 */
export function storeConformance(): readonly ConformanceCase[] {
  return Object.entries(bodies).map(([name, body]) => ({
    name,
    async run({ open }) {
      const place = `place-${randomBytes(6).toString('hex')}`;
      const store = await open(place);
      const other = await open(place);
      try {
        await body(store, other);
      } finally {
        await store.close();
        await other.close();
      }
    },
  }));
}
