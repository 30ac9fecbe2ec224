import type { EventKind, WebhookEvent } from '@smtpeter-webhooks/events';
import { Abort, dispatch, type Handler, type HandlerContext, type InboxTask } from '@smtpeter-webhooks/receiver';
import { retryDelay } from './retry-delay.js';
import type { ClaimedEvent, InboxStore, Outcome, StoreTransaction } from './store.js';
import type { WorkSettings } from './work-options.js';

/** Handles claimed events, one or a batch, and writes down how it ended. */
export class EventRunner<Tx> {
  readonly #store: InboxStore<Tx>;
  readonly #task: InboxTask<Tx>;
  readonly #settings: WorkSettings;
  readonly #settle: (outcome: Outcome) => Promise<boolean>;
  readonly #active = new Map<number, { readonly event: ClaimedEvent; readonly abort: Abort; gone: boolean }>();
  readonly #unhandled = new Set<string>();

  constructor(
    store: InboxStore<Tx>,
    task: InboxTask<Tx>,
    settings: WorkSettings,
    settle: (outcome: Outcome) => Promise<boolean>,
  ) {
    this.#store = store;
    this.#task = task;
    this.#settings = settings;
    this.#settle = settle;
  }

  /** Handles them all or none, and writes it down. Never rejects. */
  async run(claimed: readonly ClaimedEvent[]): Promise<void> {
    const [first] = claimed;
    if (first === undefined) return;
    const abort = new Abort();
    for (const event of claimed) this.#active.set(event.id, { event, abort, gone: false });
    let events: WebhookEvent[] | undefined;
    let transactions: StoreTransaction<Tx>[] = [];
    try {
      events = claimed.map((event) => this.#parse(event));
      const handlers = this.#handlersFor(events);
      if (handlers.length === 0) {
        const [event] = events;
        if (event?.kind === 'unknown' && event.raw === undefined) {
          await this.#end(first, { to: 'dead', error: `ERR_EVENT_UNREADABLE: ${event.reason.code}` });
          return;
        }
        this.#warnUnhandled(first.kind);
      }
      // A transaction marks one event; a batch has none.
      const transaction = claimed.length === 1 ? this.#store.begin(first) : undefined;
      transactions = transaction === undefined ? [] : [transaction];
      await this.#handle(handlers, events, claimed, abort, transaction);
      if (transaction === undefined) {
        await Promise.all(claimed.map((event) => this.#end(event, { to: 'handled' })));
      } else if (!(await transaction.commit())) {
        this.#task.log.warn('an event was taken over while it was handled; what its handler did in `tx` was undone');
      }
    } catch (error) {
      for (const transaction of transactions) await transaction.rollback();
      await Promise.all(claimed.map((event, i) => this.#failed(event, error, events?.[i])));
    } finally {
      for (const event of claimed) this.#active.delete(event.id);
    }
  }

  /** Tells the handlers of an event to stop; its outcome counts no more. */
  abort(id: number, reason: string): void {
    const active = this.#active.get(id);
    if (active === undefined) return;
    active.gone = true;
    active.abort.abort(new Error(reason));
  }

  /** The same for all; gives the events. */
  abortAll(reason: string): ClaimedEvent[] {
    const events = [...this.#active.values()].filter((one) => !one.gone).map((one) => one.event);
    for (const { id } of events) this.abort(id, reason);
    return events;
  }

  #parse(event: ClaimedEvent): WebhookEvent {
    const { body, contentType, contentTypeSigned, identity, eventKey } = event;
    return this.#task.parse({
      body,
      contentType: contentType ?? undefined,
      contentTypeSigned,
      identity,
      key: eventKey,
    });
  }

  #handlersFor(events: readonly WebhookEvent[]): readonly Handler<WebhookEvent, Tx>[] {
    const { batch } = this.#task;
    if (batch !== undefined) return [(_event, context) => batch.handle(events, context)];
    return this.#task.handlersOf(events[0]?.kind ?? 'unknown');
  }

  async #handle(
    handlers: readonly Handler<WebhookEvent, Tx>[],
    events: readonly WebhookEvent[],
    claimed: readonly ClaimedEvent[],
    abort: Abort,
    transaction: StoreTransaction<Tx> | undefined,
  ): Promise<void> {
    const [event] = events;
    const [first] = claimed;
    if (event === undefined || first === undefined) return;
    const context: HandlerContext<Tx> = {
      get signal() {
        return abort.signal;
      },
      url: first.url,
      receivedAt: new Date(first.receivedAt),
      headers: first.headers,
      attempt: first.attempt,
      // Without a transaction Tx is undefined.
      tx: transaction?.tx as Tx,
      log: this.#task.log,
    };
    const result = await dispatch(handlers, event, context, abort, this.#settings.timeoutOf(event.kind));
    if (result.ended === 'failed') throw result.error;
    if (result.ended === 'late') {
      throw new Error(`The handler ran over its time of ${this.#settings.timeoutOf(event.kind as EventKind)} ms.`);
    }
  }

  async #failed(claimed: ClaimedEvent, error: unknown, event: WebhookEvent | undefined): Promise<void> {
    if (this.#active.get(claimed.id)?.gone) return;
    this.#task.onError(error, event);
    const text = describe(error);
    if (claimed.attempt >= this.#settings.maxAttempts) {
      this.#task.log.error(`an event of kind ${claimed.kind} was parked after ${claimed.attempt} attempts: ${text}`);
      await this.#end(claimed, { to: 'dead', error: text });
      return;
    }
    const asked = error instanceof Error && 'afterSeconds' in error ? Number(error.afterSeconds) * 1000 : 0;
    const afterMs = Math.max(retryDelay(claimed.attempt, this.#settings), Number.isFinite(asked) ? asked : 0);
    await this.#end(claimed, { to: 'waiting', afterMs, error: text });
  }

  async #end(
    { id, lease }: ClaimedEvent,
    how: { to: 'handled' } | { to: 'dead'; error: string } | { to: 'waiting'; afterMs: number; error: string },
  ): Promise<void> {
    if (this.#active.get(id)?.gone) return;
    await this.#settle({ id, lease, ...how });
  }

  #warnUnhandled(kind: string): void {
    if (this.#unhandled.has(kind)) return;
    this.#unhandled.add(kind);
    this.#task.log.warn(`there is no handler for ${kind}; such events are marked as handled`);
  }
}

/** Name and message, without control characters, at most 500 characters. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 500)).toString();
}
