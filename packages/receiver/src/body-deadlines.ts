import type { BodyLimits } from './incoming-call.js';

/** A body that is on its way. */
export interface AwaitedBody {
  readonly limits: BodyLimits;
  /** When it was asked for, and when its last byte came, as `performance.now()` counts. */
  readonly since: number;
  lastByteAt: number;
  /** Told when it has taken longer than it may, once. */
  late(waitedMs: number): void;
}

/**
 * Watches over all bodies that are on their way with one timer: it is set for the first of them that can be late, and a
 * body that is there by then, as nearly all are, has cost no timer of its own.
 */
class BodyDeadlines {
  readonly #awaited = new Set<AwaitedBody>();
  #timer: NodeJS.Timeout | undefined;
  #ringsAt = Number.POSITIVE_INFINITY;

  add(body: AwaitedBody): void {
    this.#awaited.add(body);
    const dueAt = dueTime(body);
    if (dueAt < this.#ringsAt) this.#setFor(dueAt);
  }

  delete(body: AwaitedBody): void {
    this.#awaited.delete(body);
  }

  #setFor(dueAt: number): void {
    clearTimeout(this.#timer);
    this.#ringsAt = dueAt;
    this.#timer = setTimeout(() => this.#look(), Math.max(1, Math.ceil(dueAt - performance.now())));
    // The connections that the bodies come by keep the process alive, as long as there are any.
    this.#timer.unref();
  }

  #look(): void {
    this.#ringsAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const body of this.#awaited) {
      const dueAt = dueTime(body);
      if (dueAt > now) {
        next = Math.min(next, dueAt);
        continue;
      }
      this.#awaited.delete(body);
      const { totalMs, idleMs } = body.limits;
      body.late(now - body.since >= totalMs ? totalMs : idleMs);
    }
    if (next < this.#ringsAt) this.#setFor(next);
  }
}

function dueTime({ since, lastByteAt, limits }: AwaitedBody): number {
  return Math.min(since + limits.totalMs, lastByteAt + limits.idleMs);
}

/** Those of every receiver in this process. */
export const bodyDeadlines = new BodyDeadlines();
