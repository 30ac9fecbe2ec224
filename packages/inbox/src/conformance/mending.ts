import assert from 'node:assert/strict';
import { all, type Cases, claim, handled, MINUTE, newCall } from './steps.js';

/** What people do with events. */
export const mending: Cases = {
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
