import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { FieldSchemas } from '@smtpeter-webhooks/events';
import { serveNodeCall } from './node-door.js';
import type { ReceiverOptions } from './options.js';
import { createReceiver, type Receiver } from './receiver.js';
import { secureBy, type TrustProxy } from './trust-proxy.js';

/** The options for `node:http`. */
export interface NodeOptions<F extends FieldSchemas = FieldSchemas, Tx = undefined> extends ReceiverOptions<F, Tx> {
  readonly trustProxy?: TrustProxy;
}

/** A listener for `request` events of node:http and node:https, and of node:http2 by its compatibility. It answers every request. */
export interface NodeReceiver extends Pick<Receiver, 'close' | 'stats'> {
  (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void;
}

/**
 * The receiver as a listener of a server of yours: `createServer(nodeReceiver({ … }))`. Paths other than those of the
 * configured URLs get 404, other methods 405.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function nodeReceiver<const F extends FieldSchemas, Tx = undefined>(options: NodeOptions<F, Tx>): NodeReceiver {
  const { receiver, serve } = nodeParts(options);
  const listener = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) =>
    // What the door uses of node:http's request and response, those of node:http2 have as well.
    serve(request as IncomingMessage, response as ServerResponse);
  return Object.assign(listener, { close: receiver.close, stats: receiver.stats });
}

/** The receiver, and how it serves a request; for servers that are ours. */
export function nodeParts<const F extends FieldSchemas, Tx = undefined>(
  options: NodeOptions<F, Tx>,
): {
  readonly receiver: Receiver;
  readonly isSecure: (request: IncomingMessage) => boolean;
  readonly serve: (request: IncomingMessage, response: ServerResponse, beforeBody?: () => void) => void;
} {
  const isSecure = secureBy(options.trustProxy);
  const receiver = createReceiver(options);
  if (options.trustProxy === true) receiver.warn('WARN_TRUST_PROXY_ALL');
  // Where a proxy may have rewritten the path, the path that came says nothing.
  const checkPath = receiver.signedUrl === 'received';
  return {
    receiver,
    isSecure,
    serve(request, response, beforeBody) {
      void serveNodeCall(receiver, request, response, { secure: isSecure(request), checkPath, beforeBody });
    },
  };
}
