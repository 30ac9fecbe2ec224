import { Worker } from 'node:worker_threads';
import { InboxError, type InboxErrorCode } from '../errors.js';
import type { OperationArguments, OperationName, OperationResult, Reply, Request } from './operations.js';
import type { SessionOptions } from './session.js';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * The thread that has the database: waiting for the disk must not stop the event loop. It is started when it is first
 * needed, started again when it dies, and keeps the process alive only while something is asked of it.
 */
export class ThreadClient {
  readonly #options: SessionOptions;
  readonly #offset = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #number = 0;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Lets the thread's clock run ahead; for tests. */
  set offsetMs(ms: number) {
    Atomics.store(this.#offset, 0, ms);
  }

  ask<N extends OperationName>(name: N, ...args: OperationArguments<N>): Promise<OperationResult<N>> {
    if (this.#closed) return Promise.reject(new InboxError('ERR_INBOX_CLOSED'));
    return new Promise((resolve, reject) => {
      const number = ++this.#number;
      this.#thread ??= this.#start();
      if (this.#waiting.size === 0) this.#thread.ref();
      this.#waiting.set(number, { resolve: resolve as (result: unknown) => void, reject });
      this.#thread.postMessage({ number, name, args } satisfies Request);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    thread.ref();
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    thread.postMessage('close');
    await ended;
  }

  #start(): Worker {
    const thread = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: { options: this.#options, offset: this.#offset },
      // What the main thread was started with, an inspector say, is not for this one.
      execArgv: [],
    });
    thread.unref();
    let cause: unknown;
    thread.on('message', (reply: Reply) => this.#settle(reply));
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const one of this.#waiting.values()) one.reject(new InboxError('ERR_INBOX_FAILED', { cause }));
      this.#waiting.clear();
    });
    return thread;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.number);
    this.#waiting.delete(reply.number);
    if (this.#waiting.size === 0) this.#thread?.unref();
    if ('failed' in reply) waiting?.reject(errorOf(reply.failed));
    else waiting?.resolve(reply.result);
  }
}

function errorOf({ code, detail, text }: { code: string; detail: string | undefined; text: string }): Error {
  if (code === 'TypeError') return new TypeError(text);
  return new InboxError(code as InboxErrorCode, { ...(detail !== undefined && { detail }), cause: new Error(text) });
}
