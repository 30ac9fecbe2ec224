import assert from 'node:assert/strict';
import { all, type Cases, claim, expired, handled, MINUTE, newCall } from './steps.js';

/** Who has an event, and until when. */
export const taking: Cases = {
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
  async 'ends nothing with a transaction of an attempt whose lease was lost'(store, other) {
    await store.accept([newCall()]);
    const [mine] = (await claim(store, 1, 'one', 5)).events;
    assert.ok(mine);
    const transaction = store.begin(mine);
    if (transaction === undefined) return;
    assert.equal(await expired(other), 1);
    const [theirs] = (await claim(other, 1, 'two')).events;
    assert.ok(theirs);
    assert.equal(await transaction.commit(), false);
    assert.equal((await store.stats()).running, 1);
    const rightful = other.begin(theirs);
    assert.equal(await rightful?.commit(), true);
    assert.equal((await store.stats()).handled, 1);
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
};
