import type { FieldSchemas } from '@smtpeter-webhooks/events';
import { readFetchBody } from './fetch-body.js';
import { fetchHead } from './fetch-head.js';
import { type Incoming, incomingOf } from './fetch-incoming.js';
import { dropRest } from './fetch-rest.js';
import type { IncomingCall } from './incoming-call.js';
import type { ReceiverOptions } from './options.js';
import { createReceiver, type Receiver } from './receiver.js';

/** The options for Fetch platforms. */
export interface FetchOptions<F extends FieldSchemas = FieldSchemas, Tx = undefined> extends ReceiverOptions<F, Tx> {
  /**
   * True: X-Forwarded-Proto decides, of whoever connects, and no scheme of a URL that the platform may have made up.
   * Default false: the scheme of the request's URL decides.
   */
  readonly trustProxy?: boolean;
}

/**
 * Takes a request to its response. It never rejects. Of what a platform gives besides the request (`env` and `ctx` of a
 * Worker, say) the first thing with a `waitUntil` is told of handlers that go on after the answer; and the first with an
 * `incoming`, which is what Hono's `env` has on Node, gives the header lines as they came, and a small body in one piece.
 */
export interface FetchReceiver extends Pick<Receiver, 'close' | 'stats'> {
  (request: Request, ...platform: readonly unknown[]): Promise<Response>;
}

/**
 * The receiver for platforms that give a `Request` and take a `Response`.
 *
 * What is verified is what the platform lets see. `Headers` joins header lines of one name with `, `, so that a
 * doubled Host, Date, X-Copernica-ID or Signature is one value that no check takes, while two Digest lines are the list
 * that they mean; a doubled covered header counts as the joined value, which the signature must then be over. The
 * target is the path and query of `request.url`, which the URL parser has normalised: a callback URL whose path it
 * changes (`/a/../b`, unescaped characters) cannot be verified here.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function fetchReceiver<const F extends FieldSchemas, Tx = undefined>(
  options: FetchOptions<F, Tx>,
): FetchReceiver {
  const receiver = createReceiver(options);
  const { trustProxy = false } = options;
  if (trustProxy) receiver.warn('WARN_TRUST_PROXY_ALL');
  const checkPath = receiver.signedUrl === 'received';
  const serve = async (request: Request, ...platform: readonly unknown[]): Promise<Response> => {
    const incoming = incomingOf(platform);
    const call = fetchCall(request, trustProxy, checkPath, incoming);
    const context = platform.find(canWait);
    const answer = await receiver.handle(
      context === undefined ? call : { ...call, keepAlive: (work) => context.waitUntil(work) },
    );
    // What Node has made a request of, it sees to itself; to ask for that request's body would make the whole of it.
    if (incoming === undefined && isThere(request)) dropRest(request.body.getReader());
    return new Response(request.method === 'HEAD' ? null : answer.body, {
      status: answer.status,
      headers: answer.close ? { ...answer.headers, Connection: 'close' } : answer.headers,
    });
  };
  return Object.assign(serve, { close: receiver.close, stats: receiver.stats });
}

/** A body that nobody has begun to read, nor keeps from others. */
function isThere(request: Request): request is Request & { readonly body: ReadableStream<Uint8Array> } {
  return !request.bodyUsed && request.body?.locked === false;
}

function canWait(value: unknown): value is { waitUntil(work: Promise<unknown>): void } {
  return typeof value === 'object' && value !== null && 'waitUntil' in value && typeof value.waitUntil === 'function';
}

function fetchCall(
  request: Request,
  trustProxy: boolean,
  checkPath: boolean,
  incoming: Incoming | undefined,
): IncomingCall {
  return {
    head: fetchHead(request, trustProxy, incoming),
    remoteAddress: incoming?.socket?.remoteAddress,
    bodyConsumed: request.bodyUsed || (incoming === undefined && request.body?.locked === true),
    checkPath,
    readBody: (limits) => readFetchBody(request, limits, incoming),
  };
}
