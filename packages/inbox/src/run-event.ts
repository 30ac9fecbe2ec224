import type { EventKind, WebhookEvent } from '@smtpeter-webhooks/events';
import { Abort, dispatch, type Handler, type HandlerContext, type InboxTask } from '@smtpeter-webhooks/receiver';
import { askedDelay, retryDelay } from './retry-delay.js';
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

  /**
   * Handles them all or none, and writes it down. Never rejects. Calls back once the handlers have ended: what has been
   * done is written down for many events at a time, and the next ones need not wait for that.
   */
  async run(claimed: readonly ClaimedEvent[], ended: () => void): Promise<void> {
    const abort = new Abort();
    for (const event of claimed) this.#active.set(event.id, { event, abort, gone: false });
    const outcomes = await this.#attempt(claimed, abort);
    const settled = outcomes.map((outcome) => this.#active.get(outcome.id)?.gone || this.#settle(outcome));
    ended();
    await Promise.all(settled);
    for (const event of claimed) this.#active.delete(event.id);
  }

  /** Gives how it ended; nothing for what a transaction has written down already. */
  async #attempt(claimed: readonly ClaimedEvent[], abort: Abort): Promise<readonly Outcome[]> {
    const [first] = claimed;
    if (first === undefined) return [];
    let events: WebhookEvent[] | undefined;
    let transaction: StoreTransaction<Tx> | undefined;
    try {
      events = claimed.map((event) => this.#parse(event));
      const handlers = this.#handlersFor(events);
      if (handlers.length === 0) {
        const [event] = events;
        if (event?.kind === 'unknown' && event.raw === undefined) {
          return [{ ...proofOf(first), to: 'dead', error: `ERR_EVENT_UNREADABLE: ${event.reason.code}` }];
        }
        this.#warnUnhandled(first.kind);
      }
      // A transaction marks one event; a batch has none.
      transaction = claimed.length === 1 ? this.#store.begin(first) : undefined;
      await this.#handle(handlers, events, claimed, abort, transaction);
      if (transaction?.isUsed !== true) {
        // Who asks it for something later must hear that it is over.
        await transaction?.rollback();
        return claimed.map((event) => ({ ...proofOf(event), to: 'handled' }));
      }
      if (!(await transaction.commit())) {
        this.#task.log.warn('an event was taken over while it was handled; what its handler did in `tx` was undone');
      }
      return [];
    } catch (error) {
      await transaction?.rollback();
      return claimed.flatMap((event, i) => this.#failed(event, error, events?.[i]));
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

  #failed(claimed: ClaimedEvent, error: unknown, event: WebhookEvent | undefined): Outcome[] {
    if (this.#active.get(claimed.id)?.gone) return [];
    this.#task.onError(error, event);
    const text = describe(error);
    if (claimed.attempt >= this.#settings.maxAttempts) {
      this.#task.log.error(`an event of kind ${claimed.kind} was parked after ${claimed.attempt} attempts: ${text}`);
      return [{ ...proofOf(claimed), to: 'dead', error: text }];
    }
    const afterMs = Math.max(retryDelay(claimed.attempt, this.#settings), askedDelay(error));
    return [{ ...proofOf(claimed), to: 'waiting', afterMs, error: text }];
  }

  #warnUnhandled(kind: string): void {
    if (this.#unhandled.has(kind)) return;
    this.#unhandled.add(kind);
    this.#task.log.warn(`there is no handler for ${kind}; such events are marked as handled`);
  }
}

/** Which event, and that it is ours. */
const proofOf = ({ id, lease }: ClaimedEvent) => ({ id, lease });

/** Name and message, without control characters, at most 500 characters. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 500)).toString();
}
