import type { IncomingMessage } from 'node:http';
import { type AwaitedBody, bodyDeadlines } from './body-deadlines.js';
import type { BodyLimits } from './incoming-call.js';
import { CallRefusedError, type RefusalCode } from './refusals.js';

/**
 * Reads the whole body of a request, within its limits. What is over them is left unread.
 *
 * @throws CallRefusedError, as a rejection.
 */
export function readNodeBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => new NodeBody(request, limits, resolve, reject).start());
}

/** One body on its way. */
class NodeBody implements AwaitedBody {
  readonly limits: BodyLimits;
  readonly since = performance.now();
  lastByteAt = this.since;
  readonly #request: IncomingMessage;
  readonly #resolve: (body: Uint8Array) => void;
  readonly #reject: (error: CallRefusedError) => void;
  readonly #declared: number | undefined;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    request: IncomingMessage,
    limits: BodyLimits,
    resolve: (body: Uint8Array) => void,
    reject: (error: CallRefusedError) => void,
  ) {
    this.#request = request;
    this.limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    const declared = request.headers['content-length'];
    this.#declared = declared === undefined ? undefined : Number(declared);
  }

  start(): void {
    const request = this.#request;
    // While the key was looked up the client may have gone, or something may have made text of the bytes.
    const cannot = !request.readable || request.readableEncoding !== null;
    if (cannot || (this.#declared !== undefined && this.#declared > this.limits.maxBytes)) {
      this.#refuse(cannot ? 'ERR_BODY_ABORTED' : 'ERR_BODY_TOO_LARGE');
      return;
    }
    bodyDeadlines.add(this);
    request.on('data', this.#take).on('end', this.#end).on('error', this.#broken).on('close', this.#broken);
  }

  late(waitedMs: number): void {
    this.#refuse('ERR_BODY_TIMEOUT', { waitedMs });
  }

  readonly #take = (chunk: Buffer): void => {
    this.#length += chunk.length;
    if (this.#length > this.limits.maxBytes) {
      this.#refuse('ERR_BODY_TOO_LARGE');
      return;
    }
    this.#chunks.push(chunk);
    this.lastByteAt = performance.now();
  };

  readonly #end = (): void => {
    if (this.#declared !== undefined && this.#declared !== this.#length) {
      this.#refuse('ERR_BODY_ABORTED');
      return;
    }
    this.#leave();
    const [first] = this.#chunks;
    // A small body comes in one piece, which nobody else holds.
    this.#resolve(first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#length));
  };

  readonly #broken = (cause?: Error): void => {
    this.#refuse('ERR_BODY_ABORTED', {}, cause);
  };

  #refuse(code: RefusalCode, evidence: Readonly<Record<string, number>> = {}, cause?: Error): void {
    this.#leave();
    this.#request.pause();
    const seen = code === 'ERR_BODY_TOO_LARGE' ? { allowed: this.limits.maxBytes } : evidence;
    this.#reject(new CallRefusedError(code, seen, { cause }));
  }

  #leave(): void {
    bodyDeadlines.delete(this);
    const request = this.#request;
    request.off('data', this.#take).off('end', this.#end).off('error', this.#broken).off('close', this.#broken);
  }
}

/** True when something has taken bytes from the body, or all of it. */
export function isConsumed(request: IncomingMessage): boolean {
  return request.readableDidRead || request.readableEnded;
}
