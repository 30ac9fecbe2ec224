import type { RequestHead } from '@smtpeter-webhooks/verify';

/** What a body may cost. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole body. */
  readonly totalMs: number;
  /** Without a single byte. */
  readonly idleMs: number;
}

/** A call as a door hands it to the pipeline. */
export interface IncomingCall {
  readonly head: RequestHead;
  /** The peer, for the log; a proxy's where there is one. */
  readonly remoteAddress?: string | undefined;
  /** True when something has read from the body already. */
  readonly bodyConsumed: boolean;
  /** False when a router has chosen this call by its path already, and the path may be another because a proxy rewrites it. */
  readonly checkPath: boolean;
  /** Told of work that goes on after the answer, where a platform ends what nobody waits for. It never rejects. */
  keepAlive?(work: Promise<unknown>): void;
  /**
   * Reads the whole body. It is asked for only once everything in the head holds.
   *
   * @throws CallRefusedError, as a rejection: `ERR_BODY_TOO_LARGE`, `ERR_BODY_TIMEOUT`, `ERR_BODY_ABORTED`.
   */
  readBody(limits: BodyLimits): Promise<Uint8Array>;
}

/** The value of a header as it came, if it came once or more: its first line. For what the signature does not decide. */
export function headerOf(head: RequestHead, name: string): string | undefined {
  const { headers } = head;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const one = headers[i] ?? '';
    if (one.length === name.length && one.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
}
