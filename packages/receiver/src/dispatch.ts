import type { WebhookEvent } from '@smtpeter-webhooks/events';
import type { Handler, HandlerContext } from './handlers.js';
import { isPromiseLike } from './promise-like.js';

/** How the handlers of an event ended, or did not. */
export type DispatchResult =
  | { readonly ended: 'done' }
  | { readonly ended: 'failed'; readonly error: unknown }
  /** Over their time. `settled` tells how they end after all; it never rejects. */
  | { readonly ended: 'late'; readonly settled: Promise<{ readonly error?: unknown }> };

/** Aborts what handlers are doing: their context's signal. Made only for handlers that look at it. */
export class Abort {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined && !this.#controller.signal.aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Ends it, for this reason; the first one counts. */
  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }
}

/** Runs the handlers of an event one after the other, for so long. Never rejects; answers at once when none waits. */
export function dispatch<Tx = undefined>(
  handlers: readonly Handler<WebhookEvent, Tx>[],
  event: WebhookEvent,
  context: HandlerContext<Tx>,
  abort: Abort,
  timeoutMs: number,
): DispatchResult | Promise<DispatchResult> {
  let running: Promise<void> | undefined;
  try {
    running = runFrom(handlers, 0, event, context);
  } catch (error) {
    return { ended: 'failed', error };
  }
  if (running === undefined) return { ended: 'done' };
  const settled = running.then(
    () => ({}),
    (error: unknown) => ({ error }),
  );
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      abort.abort(new Error(`The handler ran over its time of ${timeoutMs} ms.`));
      resolve({ ended: 'late', settled });
    }, timeoutMs);
    settled.then((end: { error?: unknown }) => {
      clearTimeout(timer);
      resolve('error' in end ? { ended: 'failed', error: end.error } : { ended: 'done' });
    });
  });
}

function runFrom<Tx>(
  handlers: readonly Handler<WebhookEvent, Tx>[],
  start: number,
  event: WebhookEvent,
  context: HandlerContext<Tx>,
): Promise<void> | undefined {
  for (let i = start; i < handlers.length; i++) {
    const result = handlers[i]?.(event, context);
    if (isPromiseLike(result)) return Promise.resolve(result).then(() => runFrom(handlers, i + 1, event, context));
  }
  return undefined;
}
