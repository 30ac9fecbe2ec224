import assert from 'node:assert/strict';
import { type Cases, claim, newCall } from './steps.js';

/** What is kept, once, and found again. */
export const keeping: Cases = {
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
};
