import type { Answer } from './answer.js';
import type { IncomingCall } from './incoming-call.js';
import type { RefusalCode } from './refusals.js';
import type { ReceiverStats } from './stats.js';
import type { WarningId } from './warnings.js';

/** The pipeline that every door hands its calls to. */
export interface Receiver {
  /** Takes a call to its answer. Never rejects. */
  handle(call: IncomingCall): Promise<Answer>;
  /** Reports a refusal that a door, or the server under it, has decided; gives its answer. Never rejects. */
  refuse(
    code: RefusalCode,
    call: Pick<IncomingCall, 'head' | 'remoteAddress'>,
    evidence?: Record<string, string | number>,
  ): Promise<Answer>;
  /**
   * The answer to a look at a verification file, undefined when there is none of that name; undefined at once when
   * nothing of the kind is asked for. Calls that are handed to `handle` are looked at there. Never rejects.
   */
  verificationFile(method: string, target: string): Promise<Answer | undefined> | undefined;
  /** True when the target's path is that of a configured URL. */
  hasPath(target: string): boolean;
  readonly signedUrl: 'received' | 'configured';
  /** Logs a warning, once. */
  warn(id: WarningId): void;
  /** Logs that a call which looks like a webhook was passed on, because its path is not quite that of a URL. */
  passedOn(target: string): void;
  /** What came so far, and what became of it. */
  stats(): ReceiverStats;
  /**
   * Refuses new calls with 503 from now on, and waits for those in flight.
   *
   * @param options.timeoutMs - then the handlers' signals are aborted, and it resolves all the same; default 10,000.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}
