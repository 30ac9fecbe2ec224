import http from 'node:http';
import https from 'node:https';
import type { SignedCall } from './sign-request.js';

/** The answer to a call. */
export interface SendResult {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most the first 64 KiB. */
  readonly body: string;
  readonly durationMs: number;
}

/** Where a call goes, and how. */
export interface SendOptions {
  /** Where to connect: scheme, host and port of this URL. Default: the URL that was signed. */
  readonly to?: string;
  readonly agent?: http.Agent | https.Agent;
  /** For the whole call, default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** More header lines, not signed, as a proxy adds them. */
  readonly headers?: readonly (readonly [string, string])[];
  /**
   * Default true: when an https URL is signed and the connection is plain, the sender plays the proxy that ends TLS,
   * and says so in `X-Forwarded-Proto: https`.
   */
  readonly forwardedProto?: boolean;
  /** For an https connection: certificates of authorities to trust, in PEM. */
  readonly ca?: string | Uint8Array;
}

/** Why there was no answer. */
export type SendErrorCode =
  | 'ERR_SEND_REFUSED'
  | 'ERR_SEND_TIMEOUT'
  | 'ERR_SEND_ABORTED'
  | 'ERR_SEND_CLOSED'
  | 'ERR_SEND_FAILED';

/** No answer came. `cause` is what Node said. */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly code: SendErrorCode;
  constructor(code: SendErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const MAX_ANSWER = 65_536;

/**
 * Sends a call over node:http or node:https (Fetch would drop its Host): exactly its header lines, in their order.
 *
 * @throws SendError, as a rejection, when no answer comes.
 */
export function sendRequest(call: SignedCall, options: SendOptions = {}): Promise<SendResult> {
  const to = new URL(options.to ?? call.url);
  const lines = [...call.headers, ...(options.headers ?? [])];
  if (to.protocol === 'http:' && call.url.startsWith('https:') && options.forwardedProto !== false) {
    lines.push(['X-Forwarded-Proto', 'https']);
  }
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const timeoutMs = options.timeoutMs ?? 30_000;
    const timer = setTimeout(() => {
      request.destroy(new SendError('ERR_SEND_TIMEOUT', `No answer within ${timeoutMs} ms.`));
    }, timeoutMs);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(toSendError(error));
    };
    const client = to.protocol === 'https:' ? https : http;
    const request = client.request({
      host: to.hostname.replace(/^\[|\]$/g, ''),
      port: to.port === '' ? (to.protocol === 'https:' ? 443 : 80) : Number(to.port),
      method: call.method,
      path: call.target,
      headers: lines.flat(),
      setHost: false,
      ...(options.agent && { agent: options.agent }),
      ...(options.signal && { signal: options.signal }),
      ...(to.protocol === 'https:' && {
        servername: new URL(call.url).hostname,
        ...(options.ca && { ca: Buffer.from(options.ca) }),
      }),
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        if (length < MAX_ANSWER) chunks.push(chunk.subarray(0, MAX_ANSWER - length));
        length += chunk.length;
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          durationMs: performance.now() - startedAt,
        });
      });
    });
    request.end(call.body);
  });
}

function toSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return new SendError('ERR_SEND_REFUSED', 'The connection was refused.', error);
  if (code === 'ABORT_ERR') return new SendError('ERR_SEND_ABORTED', 'The call was cancelled.', error);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new SendError('ERR_SEND_CLOSED', 'The connection was closed before an answer came.', error);
  return new SendError('ERR_SEND_FAILED', `The call could not be sent${code === '' ? '' : ` (${code})`}.`, error);
}
