// Astro's own check of Origin, and stricter, for everything but the webhook: that one is believed by its signature, and
// no cookie counts there.
export function onRequest({ request, url, routePattern }, next) {
  const harmless = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (harmless || routePattern === '/hooks/smtpeter' || request.headers.get('origin') === url.origin) return next();
  return new Response('Cross-site requests are forbidden\n', { status: 403 });
}
