import type { VerifiedHead } from '@smtpeter-webhooks/verify';

/** By the request object of the platform; it goes when the request goes. */
const verified = new WeakMap<object, VerifiedHead>();

/** For doors: remembers that a request for a page is the vendor's. */
export function markContentRequest(request: object, head: VerifiedHead | undefined): void {
  if (head !== undefined) verified.set(request, head);
}

/**
 * What is verified of a request that a `contentRequests` guard has let through: whose it is, and the URL. undefined when
 * it is not the vendor's.
 *
 * @param request - Express's request, node:http's, Fastify's `request.raw`, or the Fetch `Request`.
 */
export function contentRequestOf(request: object): VerifiedHead | undefined {
  return verified.get(request);
}
