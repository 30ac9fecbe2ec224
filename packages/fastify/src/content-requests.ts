import { type ContentOptions, createContentGuard } from '@smtpeter-webhooks/receiver';
import { guardNodeRequest } from '@smtpeter-webhooks/receiver/node';
import type { onRequestHookHandler } from 'fastify';

/**
 * An `onRequest` hook for pages which the vendor fetches for mailings: `app.get('/page', { onRequest:
 * contentRequests({ id, url }) }, …)`. Every request that reaches it is checked, whatever its path;
 * `contentRequestOf(request.raw)` tells the page whose it is. Fastify's `trustProxy` decides whether it came over HTTPS.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function contentRequests(options: ContentOptions): onRequestHookHandler {
  const guard = createContentGuard(options);
  return (request, reply, done) => {
    const known = { secure: request.protocol === 'https', target: request.originalUrl };
    let admitted = false;
    const goOn = () => {
      admitted = true;
      done();
    };
    void guardNodeRequest(guard, request.raw, reply.raw, known, goOn).then(() => {
      if (!admitted) reply.hijack();
    });
  };
}
