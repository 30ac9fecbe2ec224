import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ContentOptions, createContentGuard } from '@smtpeter-webhooks/receiver';
import { guardNodeRequest, isEncrypted } from '@smtpeter-webhooks/receiver/node';

/** What of an Express request is looked at. */
interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly secure?: boolean;
  readonly app?: { get?(name: string): unknown };
}

/**
 * A middleware in front of pages which the vendor fetches for mailings: `app.get('/page', contentRequests({ id, url }),
 * …)`. Every request that reaches it is checked, whatever its path, so mount it where the pages are;
 * `contentRequestOf(request)` tells the page whose it is. Express's `trust proxy` decides whether it came over HTTPS.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function contentRequests(
  options: ContentOptions,
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  const guard = createContentGuard(options);
  return (request: ExpressRequest, response, next) => {
    if (request.app?.get?.('trust proxy') === true) guard.warn('WARN_TRUST_PROXY_ALL');
    const known = { secure: request.secure ?? isEncrypted(request), target: request.originalUrl ?? request.url };
    void guardNodeRequest(guard, request, response, known, () => next());
  };
}
