import { createHash, randomBytes } from 'node:crypto';
import type { ClaimedEvent, InboxStore, NewCall } from '../store.js';

/** Cases by name. They are given two stores at one empty place. */
export type Cases = Readonly<Record<string, (store: InboxStore<unknown>, other: InboxStore<unknown>) => Promise<void>>>;

/** One page with everything. */
export const all = { after: 0, limit: 1000 };
/** In milliseconds. */
export const MINUTE = 60_000;

/** A call as an inbox hands it to a store. */
export function newCall(change: Partial<NewCall> = {}): NewCall {
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

/** Takes events as a worker of this name. */
export const claim = (
  store: InboxStore<unknown>,
  limit = 100,
  owner = 'one',
  leaseMs = MINUTE,
  exceptKinds: string[] = [],
) => store.claim({ owner, limit, leaseMs, exceptKinds });

/** The outcome of an event that went well. */
export const handled = ({ id, lease }: ClaimedEvent) => ({ id, lease, to: 'handled' }) as const;

/** Asks until leases of a few milliseconds are over. */
export async function expired(store: InboxStore<unknown>, maxAttempts = 25): Promise<number> {
  for (let tries = 0; tries < 500; tries++) {
    const count = await store.expire({ owners: [], maxAttempts });
    if (count > 0) return count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return 0;
}
