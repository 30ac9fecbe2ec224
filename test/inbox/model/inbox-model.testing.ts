import type { ClaimedEvent, EventFilter, EventState, Outcome } from '@smtpeter-webhooks/inbox';

/** An event, as the model knows it. Times are in ticks of the store's clock. */
export interface ModelEvent {
  readonly id: number;
  readonly kind: string;
  readonly orderKey: string | null;
  state: EventState;
  attempts: number;
  errors: number;
  lease: string;
  leaseUntil: number;
  due: number;
  /** Within this tick it may be due a little later: it waits behind another of its key, or came back by chance. */
  maybeAt: number;
}

const MAX_ERRORS = 10;

/** What a store promises, in the simplest words. */
export class InboxModel {
  tick = 0;
  readonly events = new Map<number, ModelEvent>();
  /** Everything that was ever claimed, lost or not. */
  readonly claims: ClaimedEvent[] = [];
  readonly replays = new Map<string, number>();
  readonly keys = new Map<string, number>();
  accepted = 0;
  duplicates = 0;
  prunedHandled = 0;
  lastId = 0;

  /** True when the call is new. */
  accept(call: { replay: string; replayUntil: number; key: string; keyUntil: number | null }): boolean {
    const isReplay = this.replays.has(call.replay);
    if (!isReplay) this.replays.set(call.replay, call.replayUntil);
    const isRepeat = isReplay || (call.keyUntil !== null && (this.keys.get(call.key) ?? -1) > this.tick);
    if (isRepeat) {
      this.duplicates++;
      return false;
    }
    if (call.keyUntil !== null) this.keys.set(call.key, call.keyUntil);
    this.accepted++;
    return true;
  }

  add(id: number, kind: string, orderKey: string | null): void {
    const fresh = { state: 'waiting', attempts: 0, errors: 0, lease: '', leaseUntil: 0 } as const;
    this.events.set(id, { id, kind, orderKey, ...fresh, due: this.tick, maybeAt: -1 });
    this.lastId = id;
  }

  /** Due, and of its key the first, while no other of it is running. */
  mayBeTaken(event: ModelEvent, exceptKinds: readonly string[]): boolean {
    if (event.state !== 'waiting' || event.due > this.tick || exceptKinds.includes(event.kind)) return false;
    if (event.orderKey === null) return true;
    const ofKey = [...this.events.values()].filter((one) => one.orderKey === event.orderKey);
    return this.#head(event.orderKey) === event && !ofKey.some((one) => one.state === 'running');
  }

  take({ id, lease }: { id: number; lease: string }, leaseTicks: number): void {
    const event = this.of(id);
    Object.assign(event, { state: 'running', lease, leaseUntil: this.tick + leaseTicks, attempts: event.attempts + 1 });
  }

  /** Who is passed over is looked at again later, or when the one before it is done. */
  passOver(exceptKinds: readonly string[]): void {
    for (const event of this.events.values())
      if (event.state === 'waiting' && event.due <= this.tick && !exceptKinds.includes(event.kind))
        if (event.orderKey !== null && !this.mayBeTaken(event, exceptKinds)) event.maybeAt = this.tick;
  }

  isHeld({ id, lease }: { id: number; lease: string }): boolean {
    const event = this.events.get(id);
    return event?.state === 'running' && event.lease === lease;
  }

  settle(outcome: Outcome, tickMs: number): boolean {
    if (!this.isHeld(outcome)) return false;
    const event = this.of(outcome.id);
    event.state = outcome.to;
    event.maybeAt = -1;
    const failed = outcome.to !== 'handled' && outcome.error !== undefined;
    if (failed) event.errors = Math.min(MAX_ERRORS, event.errors + 1);
    if (outcome.to === 'waiting') {
      event.due = this.tick + outcome.afterMs / tickMs;
      if (!failed) event.attempts--;
    } else this.#freeKey(event);
    return true;
  }

  expire(owners: readonly string[], maxAttempts: number): number {
    const lost = [...this.events.values()].filter(
      (one) =>
        one.state === 'running' &&
        (one.leaseUntil <= this.tick || owners.some((owner) => one.lease.startsWith(`${owner}#`))),
    );
    for (const event of lost) {
      event.errors = Math.min(MAX_ERRORS, event.errors + 1);
      event.state = event.attempts >= maxAttempts ? 'dead' : 'waiting';
      event.due = this.tick;
      event.maybeAt = event.attempts <= 1 ? -1 : this.tick;
    }
    for (const event of lost) if (event.state === 'dead') this.#freeKey(event);
    return lost.length;
  }

  retry(filter: EventFilter): number {
    const found = this.#matching({ states: ['dead', 'waiting'], ...filter }).filter((one) => one.state !== 'running');
    for (const event of found) Object.assign(event, { state: 'waiting', attempts: 0, due: this.tick, maybeAt: -1 });
    return found.length;
  }

  park(filter: EventFilter): number {
    const found = this.#matching({ states: ['waiting'], ...filter }).filter((one) => one.state === 'waiting');
    for (const event of found) {
      event.state = 'dead';
      event.errors = Math.min(MAX_ERRORS, event.errors + 1);
    }
    for (const event of found) this.#freeKey(event);
    return found.length;
  }

  prune(filter: EventFilter): number {
    const found = this.#matching(filter).filter((one) => one.state !== 'running');
    for (const event of found) {
      if (event.state === 'handled') this.prunedHandled++;
      this.events.delete(event.id);
    }
    for (const event of found) this.#freeKey(event);
    return found.length;
  }

  sweep(withHandled: boolean): void {
    for (const memory of [this.replays, this.keys])
      for (const [key, until] of memory) if (until <= this.tick) memory.delete(key);
    if (withHandled) this.prune({ states: ['handled'] });
  }

  count(state: EventState): number {
    return [...this.events.values()].filter((one) => one.state === state).length;
  }

  of(id: number): ModelEvent {
    const event = this.events.get(id);
    if (event === undefined) throw new Error(`There is no event ${id}.`);
    return event;
  }

  /** The first of a key that is not done. */
  #head(orderKey: string): ModelEvent | undefined {
    return [...this.events.values()]
      .filter((one) => one.orderKey === orderKey && (one.state === 'waiting' || one.state === 'running'))
      .sort((a, b) => a.id - b.id)[0];
  }

  /** One of its key is done: the next is due now, unless it failed before and waits for its time. */
  #freeKey({ orderKey }: ModelEvent): void {
    const head = orderKey === null ? undefined : this.#head(orderKey);
    if (head?.state !== 'waiting' || head.attempts > 0) return;
    head.due = Math.min(head.due, this.tick);
    head.maybeAt = -1;
  }

  #matching({ ids, states, kind }: EventFilter): ModelEvent[] {
    return [...this.events.values()].filter(
      (one) =>
        (ids === undefined || ids.includes(one.id)) &&
        (states === undefined || states.includes(one.state)) &&
        (kind === undefined || one.kind === kind),
    );
  }
}
