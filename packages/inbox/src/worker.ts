import type { EventKind } from '@smtpeter-webhooks/events';
import type { InboxTask } from '@smtpeter-webhooks/receiver';
import { HeldEvents } from './held-events.js';
import { isGone, ownerName } from './owner.js';
import { Pace } from './pace.js';
import { EventRunner } from './run-event.js';
import { Settling } from './settling.js';
import type { ClaimedEvent, InboxStore, Outcome } from './store.js';
import { Timers } from './timers.js';
import { readWorkOptions, type WorkSettings } from './work-options.js';

/** Of a kind with a limit of its own, so many are held for each that may be handled at a time. */
const AHEAD = 10;
/** When the ends of so many events are not written down yet, handlers wait: a store that is slow must not fill the memory. */
const MAX_UNSETTLED = 1000;

/** Takes events from a store and handles them, so many at a time, until it is closed. */
export class EventWorker<Tx> {
  readonly #store: InboxStore<Tx>;
  readonly #task: InboxTask<Tx>;
  readonly #settings: WorkSettings;
  readonly #owner = ownerName();
  readonly #held: HeldEvents;
  readonly #runner: EventRunner<Tx>;
  readonly #settling: Settling;
  readonly #pace: Pace;
  readonly #running = new Map<EventKind, number>();
  readonly #timers = new Timers();
  readonly #stopListening: () => void;
  #queue: ClaimedEvent[] = [];
  /** Handlers that are running. */
  #active = 0;
  /** Events that are being handled, or whose end is being written down. */
  #unsettled = 0;
  #gathering: { readonly events: ClaimedEvent[]; readonly due: ReturnType<typeof setTimeout> } | undefined;
  #claiming: Promise<void> | undefined;
  /** Since events were last taken something has happened, or some were left. */
  #news = true;
  /** The last time some kinds were left out, of which there was enough. */
  #leftOut = false;
  #closing: Promise<void> | undefined;
  #idle: (() => void)[] = [];
  #quietErrors = 0;

  constructor(store: InboxStore<Tx>, task: InboxTask<Tx>) {
    this.#settings = readWorkOptions(task);
    this.#store = store;
    this.#pace = new Pace(this.#settings.concurrency);
    this.#task = task;
    this.#settling = new Settling(store, (error) => this.#complain('an outcome could not be written down', error));
    this.#runner = new EventRunner(store, task, this.#settings, (outcome) => this.#settle(outcome));
    this.#held = new HeldEvents(store, this.#settings.leaseMs, (id) => {
      this.#runner.abort(id, 'The event was taken over: its lease was lost.');
      this.#queue = this.#queue.filter((event) => event.id !== id);
    });
    this.#stopListening = store.listen(() => this.wake());
    this.#timers.every(this.#settings.pollMs, () => this.wake());
    this.#timers.every(Math.max(50, Math.floor(this.#settings.leaseMs / 4)), () => void this.#expire());
    void this.#expire().then(() => this.wake());
  }

  /** There may be something to do. */
  wake(): void {
    this.#news = true;
    this.#take();
  }

  /** Takes events when there is room for them, and reason to believe that there are any. */
  #take(): void {
    if (this.#closing !== undefined || this.#claiming !== undefined || !this.#news) return;
    const room = this.#room();
    if (room <= 0) return;
    this.#news = false;
    this.#claiming = this.#claim(room).finally(() => {
      this.#claiming = undefined;
      this.#take();
    });
  }

  async close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#stop(timeoutMs);
    return this.#closing;
  }

  get #capacity(): number {
    const { batch } = this.#task;
    if (batch !== undefined) return batch.maxEvents * 2;
    return this.#pace.capacity;
  }

  #room(): number {
    const free = this.#capacity - this.#queue.length - this.#active;
    // Few free places are not worth a commit of their own while there is still enough to do.
    return this.#queue.length > 0 && free < this.#capacity / 3 ? 0 : free;
  }

  async #claim(limit: number): Promise<void> {
    const { leaseMs } = this.#settings;
    const request = { owner: this.#owner, limit, leaseMs, exceptKinds: this.#fullKinds() };
    try {
      const { events, more } = await this.#store.claim(request);
      this.#quietErrors = 0;
      for (const event of events) {
        this.#held.add(event);
        this.#queue.push(event);
      }
      const full = this.#fullKinds();
      if (more || request.exceptKinds.some((kind) => !full.includes(kind))) this.#news = true;
      this.#leftOut = request.exceptKinds.length > 0;
      this.#startNext();
    } catch (error) {
      this.#complain('events cannot be taken from the inbox', error);
    }
  }

  /** Kinds of which so many are held that more would only wait here, while another worker could have them. */
  #fullKinds(): EventKind[] {
    const queued = new Map<string, number>();
    for (const event of this.#queue) queued.set(event.kind, (queued.get(event.kind) ?? 0) + 1);
    const { concurrency, concurrencyOf } = this.#settings;
    return [...queued].flatMap(([name, count]) => {
      const kind = name as EventKind;
      const limit = concurrencyOf(kind);
      return limit < concurrency && count >= limit * AHEAD ? [kind] : [];
    });
  }

  #startNext(): void {
    if (this.#task.batch === undefined) this.#startEach();
    else this.#startBatch();
    if (this.#queue.length < this.#capacity / 3) this.#take();
  }

  #startEach(): void {
    const { concurrency, concurrencyOf } = this.#settings;
    const most = concurrency + MAX_UNSETTLED;
    for (let i = 0; i < this.#queue.length && this.#active < concurrency && this.#unsettled < most; ) {
      const event = this.#queue[i] as ClaimedEvent;
      const kind = event.kind as EventKind;
      const running = this.#running.get(kind) ?? 0;
      if (running >= concurrencyOf(kind)) {
        i++;
        continue;
      }
      this.#queue.splice(i, 1);
      this.#pace.started();
      this.#running.set(kind, running + 1);
      this.#run([event], () => this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1));
    }
  }

  /** Starts a batch when it is full, or when its first event has waited long enough. One at a time. */
  #startBatch(): void {
    const { batch } = this.#task;
    if (batch === undefined || this.#active > 0 || this.#queue.length === 0) return;
    const start = () => {
      clearTimeout(this.#gathering?.due);
      this.#gathering = undefined;
      if (this.#active > 0 || this.#queue.length === 0) return;
      const first = this.#queue[0]?.attempt ?? 1;
      // After a failure the same events come in halves: what spoils a batch ends up alone.
      const size = Math.max(1, Math.floor(batch.maxEvents / 2 ** (first - 1)));
      const events = this.#queue.filter((one) => one.attempt === first).slice(0, size);
      this.#queue = this.#queue.filter((one) => !events.includes(one));
      this.#run(events, () => {});
    };
    if (this.#queue.length >= batch.maxEvents || this.#closing !== undefined) start();
    else this.#gathering ??= { events: [], due: setTimeout(start, batch.maxWaitMs) };
  }

  #run(events: readonly ClaimedEvent[], done: () => void): void {
    this.#active++;
    this.#unsettled += events.length;
    const ended = () => {
      this.#active--;
      done();
      if (this.#leftOut) this.#news = true;
      if (this.#closing === undefined) this.#startNext();
    };
    const settled = () => {
      for (const event of events) this.#held.delete(event.id);
      this.#unsettled -= events.length;
      if (this.#unsettled === 0) for (const resolve of this.#idle.splice(0)) resolve();
      if (this.#closing !== undefined) return;
      this.#startNext();
      // The next of this order key may be free now.
      if (events.some((event) => event.orderKey !== null)) this.wake();
    };
    // It never rejects.
    void this.#runner.run(events, ended).then(settled);
  }

  async #settle(outcome: Outcome): Promise<boolean> {
    const held = await this.#settling.settle(outcome);
    if (held && outcome.to === 'waiting') this.#timers.later(outcome.afterMs, () => this.wake());
    return held;
  }

  async #expire(): Promise<void> {
    try {
      const owners = (await this.#store.owners()).filter(isGone);
      const { maxAttempts } = this.#settings;
      if ((await this.#store.expire({ owners, maxAttempts })) > 0) this.wake();
    } catch (error) {
      this.#complain('events of dead workers cannot be taken over', error);
    }
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#stopListening();
    this.#timers.stop();
    clearTimeout(this.#gathering?.due);
    await this.#claiming;
    const back = this.#queue.splice(0).map((event) => this.#giveBack(event));
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (this.#unsettled > 0) {
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([over, new Promise<void>((resolve) => this.#idle.push(resolve))]);
      clearTimeout(timer);
      // What will not end is given back: it is at least once that was promised.
      back.push(...this.#runner.abortAll('The process is shutting down.').map((event) => this.#giveBack(event)));
    }
    await Promise.all(back);
    this.#held.stop();
  }

  #giveBack(event: ClaimedEvent): Promise<boolean> {
    this.#held.delete(event.id);
    return this.#settle({ id: event.id, lease: event.lease, to: 'waiting', afterMs: 0 });
  }

  /** One line for many failures in a row. */
  #complain(what: string, error: unknown): void {
    const count = this.#quietErrors++;
    if (count === 0 || count % 60 === 0)
      this.#task.log.error(`${what}: ${error instanceof Error ? error.message : typeof error}`);
  }
}
