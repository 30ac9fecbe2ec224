import type { ClaimedEvent, InboxStore, NewCall } from '@smtpeter-webhooks/inbox';

type Store = InboxStore<unknown>;

/** Stores with a fault that a real one could have. A test that lets one pass would prove nothing. */
export const brokenStores: Readonly<Record<string, (store: Store) => Store>> = {
  /** Whoever had an event once may end it. */
  'a lost lease counts': (store) => {
    const leases = new Map<number, string>();
    const newest = <T extends { id: number; lease: string }>(one: T): T => ({
      ...one,
      lease: leases.get(one.id) ?? one.lease,
    });
    return {
      ...store,
      async claim(request) {
        const result = await store.claim(request);
        for (const { id, lease } of result.events) leases.set(id, lease);
        return result;
      },
      settle: (outcomes) => store.settle(outcomes.map(newest)),
    };
  },
  /** An event that is running is given to another one too. */
  'an event is taken twice': (store) => {
    let last: ClaimedEvent | undefined;
    let claims = 0;
    return {
      ...store,
      async claim(request) {
        const result = await store.claim(request);
        const again = ++claims % 3 === 0 && result.events.length < request.limit ? last : undefined;
        last = result.events.at(-1) ?? last;
        return again === undefined ? result : { ...result, events: [...result.events, again] };
      },
    };
  },
  /** Some events are not held up by those before them. */
  'the head is skipped': (store) => withoutKeys(store, (_call, i) => i % 3 === 2),
  'order is not kept at all': (store) => withoutKeys(store, () => true),
  'a lost lease is renewed': (store) => ({
    ...store,
    async renew(leases, leaseMs) {
      await store.renew(leases, leaseMs);
      return [];
    },
  }),
  'an event that was accepted is not there': (store) => {
    let accepts = 0;
    return {
      ...store,
      async accept(calls) {
        if (++accepts % 3 !== 0) return store.accept(calls);
        return [...(await store.accept(calls.slice(0, -1))), true];
      },
    };
  },
  'a replay is taken for a new call': (store) => ({
    ...store,
    accept: (calls) =>
      store.accept(calls.map((call) => ({ ...call, replayKey: Buffer.from(`${Math.random()}${call.eventKey}`) }))),
  }),
  'an event key is forgotten': (store) => ({
    ...store,
    accept: (calls) => store.accept(calls.map((call) => ({ ...call, eventKeyUntil: null }))),
  }),
  'a failure is not counted': (store) => ({
    ...store,
    settle: (outcomes) =>
      store.settle(
        outcomes.map((one) =>
          one.to === 'waiting' ? { id: one.id, lease: one.lease, to: 'waiting', afterMs: one.afterMs } : one,
        ),
      ),
  }),
  'an event comes back too early': (store) => ({
    ...store,
    settle: (outcomes) => store.settle(outcomes.map((one) => (one.to === 'waiting' ? { ...one, afterMs: 0 } : one))),
  }),
  'leases never end': (store) => ({
    ...store,
    claim: (request) => store.claim({ ...request, leaseMs: request.leaseMs * 20 }),
  }),
};

function withoutKeys(store: Store, isLost: (call: NewCall, i: number) => boolean): Store {
  let count = 0;
  const restore = <T extends { body: Uint8Array; orderKey: string | null }>(event: T): T => {
    const { orderKey } = JSON.parse(Buffer.from(event.body).toString()) as { orderKey: string | null };
    return { ...event, orderKey };
  };
  return {
    ...store,
    accept: (calls) => store.accept(calls.map((call) => (isLost(call, count++) ? { ...call, orderKey: null } : call))),
    async claim(request) {
      const { events, more } = await store.claim(request);
      return { events: events.map(restore), more };
    },
    list: async (filter, page) => (await store.list(filter, page)).map(restore),
  };
}
