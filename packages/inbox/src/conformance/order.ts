import assert from 'node:assert/strict';
import type { ClaimedEvent } from '../store.js';
import { all, type Cases, claim, handled, MINUTE, newCall } from './steps.js';

/** Events of one order key. */
export const order: Cases = {
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
  async 'lets what was put off behind others go on as soon as they have ended'(store) {
    await store.accept([newCall({ orderKey: 'a' }), newCall({ orderKey: 'a' }), newCall({ orderKey: 'a' })]);
    const take = async () => (await claim(store)).events[0];
    const end = async (event: ClaimedEvent | undefined, how: 'handled' | 'dead' | 'fails' | 'fails for now') => {
      assert.ok(event);
      const { id, lease } = event;
      if (how === 'handled') await store.settle([handled(event)]);
      else if (how === 'dead') await store.settle([{ id, lease, to: 'dead', error: 'no' }]);
      else await store.settle([{ id, lease, to: 'waiting', afterMs: how === 'fails' ? 0 : MINUTE, error: 'no' }]);
      return id;
    };
    const first = await end(await take(), 'dead');
    const second = await end(await take(), 'fails');
    await store.retry({ ids: [first] }, all);
    const again = await take();
    assert.equal(again?.id, first);
    await claim(store);
    await end(again, 'handled');
    const next = await take();
    assert.equal(next?.id, second, 'one that failed before it was behind');
    await store.retry({ ids: [first], states: ['handled'] }, all);
    await claim(store);
    await end(next, 'fails for now');
    const retried = await take();
    assert.equal(retried?.id, first, 'one that came to wait before it while it ran');
    await end(retried, 'fails for now');
    await store.park({ ids: [second] }, all);
    assert.equal(await take(), undefined, 'one that waits for its own time must not be woken by what is behind it');
  },
  async 'gives what was put off its old place again'(store) {
    const call = (orderKey: string | null) => newCall({ orderKey });
    await store.accept([call('a'), call('a'), call(null), call(null)]);
    const [first] = (await claim(store, 1)).events;
    const [third] = (await claim(store, 1)).events;
    assert.ok(first && third);
    assert.equal(third.orderKey, null, 'one that is behind must not hold up others');
    await store.settle([handled(first)]);
    const [second] = (await claim(store, 1)).events;
    assert.equal(second?.orderKey, 'a', 'it came before what is left');
  },
  async 'leaves a failing one to its own time when one that was over is pruned before it'(store) {
    await store.accept([newCall({ orderKey: 'a' }), newCall({ orderKey: 'a' })]);
    const [first] = (await claim(store)).events;
    assert.ok(first);
    await store.settle([{ id: first.id, lease: first.lease, to: 'dead', error: 'no' }]);
    const [second] = (await claim(store)).events;
    assert.ok(second);
    await store.settle([{ id: second.id, lease: second.lease, to: 'waiting', afterMs: 10 * MINUTE, error: 'no' }]);
    assert.equal((await store.prune({ ids: [first.id] }, all)).changed, 1);
    assert.deepEqual((await claim(store)).events, []);
  },
};
