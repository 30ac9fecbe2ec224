import type { IncomingMessage, ServerResponse } from 'node:http';
import { createReceiver, type FieldSchemas, type Receiver, type ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { isEncrypted, serveNodeCall, writeAnswer } from '@smtpeter-webhooks/receiver/node';
import { onMountedAtRoute } from './mounted-at-route.js';

/** What of an Express request is looked at; Express 4 and 5 have all of it. */
interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly secure?: boolean;
  readonly route?: { readonly stack?: readonly { readonly handle?: unknown }[] };
  readonly app?: { get?(name: string): unknown };
}

/** A middleware for Express 4 and 5. */
export interface WebhookMiddleware extends Pick<Receiver, 'close' | 'stats'> {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
}

/**
 * Receives webhooks in an Express app. Mount it before `express.json()` and every other body parser.
 *
 * With `app.use` it takes POSTs to the path of a configured URL, and passes every other request on; it serves
 * `verificationFiles`, while a name that is not there is passed on. Below a prefix (`app.use('/prefix', …)`, or a Router
 * there) those at the root are out of reach, which a warning says at the first request. At a route of its own
 * (`app.post('/path', webhooks(…))`, also in a Router) it answers everything that comes there: other methods with 405,
 * other paths with 404; no `verificationFiles` are served, and a warning says so at start.
 *
 * Express's `trust proxy` setting decides whether a call came over HTTPS.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function webhooks<const F extends FieldSchemas, Tx = undefined>(
  options: ReceiverOptions<F, Tx>,
): WebhookMiddleware {
  const receiver = createReceiver(options);
  const configured = receiver.signedUrl === 'configured';
  const hasFiles = options.verificationFiles !== undefined;

  const middleware = (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void): void => {
    const target = request.originalUrl ?? request.url ?? '';
    // request.route may be one that was left before; it is ours only when this very function stands in it.
    const atRoute = request.route?.stack?.some((layer) => layer.handle === middleware) ?? false;
    // Below a prefix the root's files are out of reach; Express tells the prefix with a request only.
    if (hasFiles && (atRoute || (request.baseUrl ?? '') !== '')) receiver.warn('WARN_VERIFICATION_FILES_ROUTE');
    const file = receiver.verificationFile(request.method ?? '', target);
    if (file !== undefined && !atRoute) {
      void file.then((answer) => (answer === undefined ? next() : writeAnswer(request, response, answer))).catch(next);
      return;
    }
    if (!atRoute && !(request.method === 'POST' && (receiver.hasPath(target) || (configured && isAtMount(request))))) {
      if (isNearMiss(request, target)) receiver.passedOn(target);
      next();
      return;
    }
    if (request.app?.get?.('trust proxy') === true) receiver.warn('WARN_TRUST_PROXY_ALL');
    const secure = request.secure ?? isEncrypted(request);
    void serveNodeCall(receiver, request, response, { secure, target, checkPath: !configured });
  };

  /** A webhook, as it seems, to a path that differs from ours only by the slash at its end. */
  function isNearMiss(request: ExpressRequest, target: string): boolean {
    if (request.method !== 'POST' || request.headers['signature'] === undefined) return false;
    const [path = ''] = target.split('?');
    return receiver.hasPath(path.endsWith('/') ? path.slice(0, -1) : `${path}/`);
  }

  if (hasFiles) onMountedAtRoute(middleware, () => receiver.warn('WARN_VERIFICATION_FILES_ROUTE'));
  return Object.assign(middleware, { close: receiver.close, stats: receiver.stats });
}

/** Mounted at this very path: the rest of the URL is nothing. */
function isAtMount(request: ExpressRequest): boolean {
  return request.baseUrl !== undefined && request.baseUrl !== '' && /^\/?(\?|$)/.test(request.url ?? '');
}
