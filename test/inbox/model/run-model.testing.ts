import assert from 'node:assert/strict';
import type { InboxStore } from '@smtpeter-webhooks/inbox';
import fc from 'fast-check';
import { inboxCommands, type RealInbox, TICK_MS } from './commands.testing.js';
import { InboxModel } from './inbox-model.testing.js';

/** A store whose clock can be put forward. */
export type ClockedStore = InboxStore<unknown> & { offsetMs: number };

const all = { after: 0, limit: 10_000 };
let runs = 0;

/** Runs commands against a store and the model, and compares; `wrap` may spoil the store. */
export function runModel(
  store: ClockedStore,
  options: { readonly numRuns: number; readonly seed: number },
  wrap: (store: InboxStore<unknown>) => InboxStore<unknown> = (one) => one,
) {
  return fc.check(
    fc.asyncProperty(inboxCommands, async (commands) => {
      const model = new InboxModel();
      const real = await begin(store, wrap(store));
      await fc.asyncModelRun(() => ({ model, real }), commands);
      await compare(model, real);
      await drain(model, real);
    }),
    { ...options, endOnFailure: options.numRuns <= 300 },
  );
}

/** Leaves no event of the run before. */
async function begin(store: ClockedStore, wrapped: InboxStore<unknown>): Promise<RealInbox> {
  store.offsetMs = 0;
  await store.expire({ owners: await store.owners(), maxAttempts: 1000 });
  await store.prune({}, all);
  const before = await store.stats();
  return {
    store: wrapped,
    before,
    run: ++runs,
    setTick(tick) {
      store.offsetMs = tick * TICK_MS;
    },
  };
}

async function compare(model: InboxModel, { store, before }: RealInbox): Promise<void> {
  const stored = await store.list({}, all);
  assert.deepEqual(
    stored.map(({ id, kind, orderKey, state, attempts, errors, settledAt }) => ({
      ...{ id, kind, orderKey, state, attempts },
      errors: errors.length,
      isSettled: settledAt !== null,
    })),
    [...model.events.values()].map(({ id, kind, orderKey, state, attempts, errors }) => ({
      ...{ id, kind, orderKey, state, attempts, errors },
      isSettled: state === 'handled' || state === 'dead',
    })),
    'what lies in the store',
  );
  const { accepted, waiting, running, handled, dead, duplicates } = await store.stats();
  assert.deepEqual(
    {
      ...{ waiting, running, dead },
      accepted: accepted - before.accepted,
      handled: handled - before.handled,
      duplicates: duplicates - before.duplicates,
    },
    {
      waiting: model.count('waiting'),
      running: model.count('running'),
      dead: model.count('dead'),
      accepted: model.accepted,
      handled: model.count('handled') + model.prunedHandled,
      duplicates: model.duplicates,
    },
    'the figures',
  );
}

/** Whatever was done: what is not parked can be handled now, of each key in order. */
async function drain(model: InboxModel, real: RealInbox): Promise<void> {
  const { store } = real;
  let tick = model.tick + 10;
  real.setTick(tick);
  await store.expire({ owners: ['one', 'two', 'three'], maxAttempts: 1000 });
  real.setTick(++tick);
  let inVain = 0;
  const last = new Map<string, number>();
  let left = model.count('waiting') + model.count('running');
  while (left > 0) {
    const { events } = await store.claim({ owner: 'last', limit: 50, leaseMs: TICK_MS, exceptKinds: [] });
    // One that had failed before, and stood behind another that was retried by hand, is looked at again a little later.
    if (events.length === 0) real.setTick(++tick);
    inVain = events.length === 0 ? inVain + 1 : 0;
    assert.ok(inVain < 2, `${left} events cannot be taken any more`);
    for (const { id, orderKey } of events) {
      if (orderKey === null) continue;
      assert.ok(id > (last.get(orderKey) ?? 0), `event ${id} comes too late`);
      last.set(orderKey, id);
    }
    await store.settle(events.map(({ id, lease }) => ({ id, lease, to: 'handled' })));
    left -= events.length;
  }
}
