import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { EventFilter, EventState, InboxStore, NewCall, Outcome } from '@smtpeter-webhooks/inbox';
import fc from 'fast-check';
import type { InboxModel } from './inbox-model.testing.js';

/** Longer than any run takes, and than any delay that a store chooses by chance. */
export const TICK_MS = 600_000;

/** A store, and its clock. */
export interface RealInbox {
  readonly store: InboxStore<unknown>;
  /** Puts the clock forward to this tick. */
  setTick(tick: number): void;
  /** What the store counted before this run. */
  readonly before: { readonly accepted: number; readonly handled: number; readonly duplicates: number };
  /** No two runs have a key in common. */
  readonly run: number;
}

type Command = fc.AsyncCommand<InboxModel, RealInbox>;

const all = { after: 0, limit: 10_000 };
const kinds = ['open', 'click'];
const owners = ['one', 'two', 'three'];

function command(name: string, run: (model: InboxModel, real: RealInbox) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

interface Call {
  readonly kind: string;
  readonly orderKey: string | null;
  readonly replay: number;
  readonly key: number;
  readonly replayTicks: number;
  readonly keyTicks: number | null;
}

const callOf = fc.record<Call>({
  kind: fc.constantFrom(...kinds),
  orderKey: fc.constantFrom(null, 'a', 'a', 'b'),
  replay: fc.nat({ max: 60 }),
  key: fc.nat({ max: 60 }),
  replayTicks: fc.integer({ min: 1, max: 4 }),
  keyTicks: fc.constantFrom(null, 1, 2, 5),
});

const accept = fc
  .uniqueArray(callOf, { minLength: 1, maxLength: 6, comparator: (a, b) => a.replay === b.replay || a.key === b.key })
  .map((calls) =>
    command(`accept ${JSON.stringify(calls)}`, async (model, real) => {
      const now = Date.now() + model.tick * TICK_MS;
      const hash = (text: string) => createHash('sha256').update(`${real.run} ${text}`).digest();
      const given = calls.map(
        (call): NewCall => ({
          body: Buffer.from(JSON.stringify(call)),
          contentType: 'application/json',
          contentTypeSigned: true,
          headers: ['A', 'b'],
          identity: 'environment-1',
          url: 'https://example.com/',
          receivedAt: now,
          eventKey: hash(`key ${call.key}`).toString('hex'),
          eventKeyUntil: call.keyTicks === null ? null : now + call.keyTicks * TICK_MS,
          replayKey: hash(`replay ${call.replay}`),
          replayUntil: now + call.replayTicks * TICK_MS,
          kind: call.kind,
          recipient: null,
          orderKey: call.orderKey,
        }),
      );
      const expected = calls.map((call) =>
        model.accept({
          replay: `${call.replay}`,
          replayUntil: model.tick + call.replayTicks,
          key: `${call.key}`,
          keyUntil: call.keyTicks === null ? null : model.tick + call.keyTicks,
        }),
      );
      assert.deepEqual(await real.store.accept(given), expected, 'which calls are new');
      const kept = await real.store.list({}, { after: model.lastId, limit: 100 });
      const fresh = calls.filter((_, i) => expected[i]);
      assert.deepEqual(
        kept.map((event) => Buffer.from(event.body).toString()),
        fresh.map((call) => JSON.stringify(call)),
        'what is kept, in order',
      );
      fresh.forEach((call, i) => {
        model.add(kept[i]?.id ?? 0, call.kind, call.orderKey);
      });
    }),
  );

const claimOf = fc.record({
  owner: fc.constantFrom(...owners),
  limit: fc.integer({ min: 1, max: 8 }),
  leaseTicks: fc.integer({ min: 1, max: 3 }),
  exceptKinds: fc.subarray(kinds, { maxLength: 1 }),
});

const claim = claimOf.map((given) =>
  command(`claim ${JSON.stringify(given)}`, async (model, { store }) => {
    const { owner, limit, leaseTicks, exceptKinds } = given;
    const { events, more } = await store.claim({ owner, limit, leaseMs: leaseTicks * TICK_MS, exceptKinds });
    assert.ok(events.length <= limit, 'no more than asked for');
    const left = new Set([...model.events.values()].filter((one) => model.mayBeTaken(one, exceptKinds)));
    for (const event of events) {
      const known = model.of(event.id);
      assert.ok(model.mayBeTaken(known, exceptKinds), `event ${event.id} is not to be taken now`);
      assert.equal(event.attempt, known.attempts + 1, 'the number of the attempt');
      assert.equal(event.orderKey, known.orderKey, 'the order key');
      assert.ok(event.lease.startsWith(`${owner}#`), 'the lease names its owner');
      left.delete(known);
      model.take(event, leaseTicks);
      model.claims.push(event);
    }
    const forgotten = [...left].filter((one) => one.maybeAt !== model.tick);
    if (events.length < limit && !more) assert.deepEqual(forgotten, [], 'what is due is taken');
    const latest = Math.max(-1, ...events.map((event) => model.of(event.id).due));
    const overtaken = forgotten.filter((one) => one.due < latest);
    assert.deepEqual(overtaken, [], 'the oldest first');
    model.passOver(exceptKinds);
  }),
);

const howOf = fc.oneof(
  fc.constant({ to: 'handled' } as const),
  fc.constant({ to: 'waiting', afterMs: 0 } as const),
  fc
    .integer({ min: 0, max: 3 })
    .map((ticks) => ({ to: 'waiting', afterMs: ticks * TICK_MS, error: 'It failed.' }) as const),
  fc.constant({ to: 'dead', error: 'It failed.' } as const),
);

/** Claims of any age: a worker that was thought to be dead may speak again. Each event once. */
function pick(model: InboxModel, numbers: readonly number[]) {
  const recent = model.claims.slice(-12);
  const picked = numbers.flatMap((number) => recent[number % Math.max(1, recent.length)] ?? []);
  return picked.filter((one, i) => picked.findIndex((other) => other.id === one.id) === i);
}

const numbersOf = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 6 });

const settle = fc.tuple(numbersOf, fc.array(howOf, { minLength: 6, maxLength: 6 })).map(([numbers, hows]) =>
  command(`settle ${JSON.stringify([numbers, hows])}`, async (model, { store }) => {
    const outcomes = pick(model, numbers).map(
      ({ id, lease }, i) => ({ id, lease, ...(hows[i] ?? { to: 'handled' }) }) as Outcome,
    );
    const expected = outcomes.map((outcome) => model.settle(outcome, TICK_MS));
    assert.deepEqual(await store.settle(outcomes), expected, 'whose leases are held');
  }),
);

const commit = fc.nat({ max: 100 }).map((number) =>
  command(`commit ${number}`, async (model, { store }) => {
    const [event] = pick(model, [number]);
    const transaction = event === undefined ? undefined : store.begin(event);
    if (event === undefined || transaction === undefined) return;
    const expected = model.settle({ id: event.id, lease: event.lease, to: 'handled' }, TICK_MS);
    assert.equal(await transaction.commit(), expected, 'whether the lease was held');
  }),
);

const renew = fc.tuple(numbersOf, fc.integer({ min: 1, max: 3 })).map(([numbers, ticks]) =>
  command(`renew ${JSON.stringify([numbers, ticks])}`, async (model, { store }) => {
    const held = pick(model, numbers);
    const lost = held.filter((one) => !model.isHeld(one)).map((one) => one.id);
    assert.deepEqual([...(await store.renew(held, ticks * TICK_MS))].sort(), lost.sort(), 'which leases are lost');
    for (const one of held) if (model.isHeld(one)) model.of(one.id).leaseUntil = model.tick + ticks;
  }),
);

const expire = fc.tuple(fc.subarray(owners, { maxLength: 2 }), fc.constantFrom(1, 2, 3, 25)).map(([gone, max]) =>
  command(`expire ${JSON.stringify([gone, max])}`, async (model, { store }) => {
    const expected = model.expire(gone, max);
    assert.equal(await store.expire({ owners: gone, maxAttempts: max }), expected, 'how many are taken back');
  }),
);

const advance = fc.integer({ min: 1, max: 3 }).map((ticks) =>
  command(`advance ${ticks}`, async (model, real) => {
    model.tick += ticks;
    real.setTick(model.tick);
  }),
);

const filterOf: fc.Arbitrary<EventFilter> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...kinds) }),
  fc.record({ states: fc.subarray(['waiting', 'handled', 'dead'] as EventState[], { minLength: 1 }) }),
);

const mend = fc.tuple(fc.constantFrom('retry' as const, 'park' as const, 'prune' as const), filterOf).map(([how, by]) =>
  command(`${how} ${JSON.stringify(by)}`, async (model, { store }) => {
    const expected = model[how](by);
    assert.deepEqual(await store[how](by, all), { changed: expected, next: null }, `how many to ${how}`);
  }),
);

const sweep = fc.boolean().map((withHandled) =>
  command(`sweep ${withHandled}`, async (model, { store }) => {
    model.sweep(withHandled);
    await store.sweep(withHandled ? Date.now() + (model.tick + 1) * TICK_MS : 0);
  }),
);

/** What anybody may do to a store, in any order. */
export const inboxCommands = fc.commands(
  [accept, accept, claim, claim, claim, settle, settle, commit, renew, expire, advance, mend, sweep],
  { maxCommands: 40, size: '+1' },
);
