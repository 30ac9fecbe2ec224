import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import type { BodyLimits } from './incoming-call.js';
import { CallRefusedError } from './refusals.js';

/** Reads the whole body of a request, within its limits. What is over them is left unread. */
export function readNodeBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const declared = request.headers['content-length'];
  return new Promise((resolve, reject) => {
    let limit: TimeLimit | undefined;
    let over = false;
    const finish = (outcome: Uint8Array | CallRefusedError) => {
      over = true;
      limit?.end();
      if (outcome instanceof CallRefusedError) reject(outcome);
      else resolve(outcome);
    };
    // With a callback: a promise of its own would be one more a call.
    getRawBody(request, { length: declared ?? null, limit: limits.maxBytes }, (error, body) => {
      if (!error) return finish(body);
      finish(
        error.type === 'entity.too.large'
          ? new CallRefusedError('ERR_BODY_TOO_LARGE', { allowed: limits.maxBytes })
          : new CallRefusedError('ERR_BODY_ABORTED', {}, { cause: error }),
      );
    });
    // A small body comes with its head, and is whole by the next turn: only one that is waited for needs timers.
    process.nextTick(() => {
      if (over || request.complete) return;
      limit = new TimeLimit(request, limits, (waitedMs) =>
        finish(new CallRefusedError('ERR_BODY_TIMEOUT', { waitedMs })),
      );
    });
  });
}

/** How long a body that is on its way may take, in all and without a byte. */
class TimeLimit {
  readonly #request: IncomingMessage;
  readonly #total: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;
  readonly #progress: () => void;

  constructor(request: IncomingMessage, { totalMs, idleMs }: BodyLimits, late: (waitedMs: number) => void) {
    this.#request = request;
    this.#total = setTimeout(late, totalMs, totalMs);
    this.#idle = setTimeout(late, idleMs, idleMs);
    this.#progress = () => void this.#idle.refresh();
    request.on('data', this.#progress);
  }

  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
    this.#request.off('data', this.#progress);
  }
}

/** True when something has taken bytes from the body, or all of it. */
export function isConsumed(request: IncomingMessage): boolean {
  return request.readableDidRead || request.readableEnded;
}
