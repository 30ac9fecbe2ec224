import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server } from 'node:http';

/** A call as its server sees it: header lines and body bytes exactly as they came. */
export interface TappedCall {
  readonly method: string;
  readonly target: string;
  /** Names and values alternating. */
  readonly headers: readonly string[];
  readonly receivedAt: Date;
  /** The body so far. */
  body(): Buffer;
  /** True when the body came in whole. */
  complete(): boolean;
  /** Resolves when the body is in, or will not come; reads on if nobody else does. */
  ended(): Promise<void>;
}

/**
 * Listens in on a server: what the pipeline is not to know (the exact header lines, the bodies of refused calls) is
 * kept for whoever captures or forwards. It takes no byte from the body's reader.
 */
export class CallTap {
  readonly #calls = new AsyncLocalStorage<TappedCall>();
  readonly #maxBytes: number;

  /** @param maxBytes - of each body at most so much is kept. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Must be attached before the first call. */
  attach(server: Server): void {
    const enter = (request: IncomingMessage) => this.#calls.enterWith(tap(request, this.#maxBytes));
    // First in line, so that the server's own listener runs within the call's context.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, enter);
  }

  /** The call that is being handled here. */
  current(): TappedCall | undefined {
    return this.#calls.getStore();
  }
}

function tap(request: IncomingMessage, maxBytes: number): TappedCall {
  const chunks: Buffer[] = [];
  let length = 0;
  let whole = false;
  let tell = () => {};
  const over = new Promise<void>((resolve) => {
    tell = resolve;
  });
  // What the parser pushes is the body; a listener for data would take it from its reader.
  const push = request.push.bind(request);
  request.push = (chunk: Buffer | null, ...rest: BufferEncoding[]) => {
    if (chunk === null) {
      const declared = request.headers['content-length'];
      whole = length <= maxBytes && (declared === undefined || Number(declared) === length);
      tell();
    } else {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
    }
    return push(chunk, ...rest);
  };
  request.once('close', tell);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.rawHeaders,
    receivedAt: new Date(),
    body: () => Buffer.concat(chunks),
    complete: () => whole,
    ended() {
      request.resume();
      return over;
    },
  };
}
