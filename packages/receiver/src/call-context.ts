import type { Abort } from './dispatch.js';
import type { HandlerContext } from './handlers.js';
import type { Logger } from './log.js';
import type { Passage } from './passage.js';

/** What a handler knows besides the event, when it runs before the call is answered. */
export class CallContext implements HandlerContext {
  readonly url: string;
  readonly receivedAt: Date;
  readonly headers: readonly string[];
  readonly attempt = 1;
  readonly tx = undefined;
  readonly log: Logger;
  readonly #abort: Abort;

  constructor({ call, receivedAt }: Passage, url: string, abort: Abort, log: Logger) {
    this.url = url;
    this.receivedAt = receivedAt;
    this.headers = call.head.headers;
    this.log = log;
    this.#abort = abort;
  }

  /** Made when it is first asked for: most handlers never do, and a signal is dear. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
}
