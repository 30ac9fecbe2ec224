// SvelteKit's own check of Origin, and stricter, for everything but the webhook: that one is believed by its signature,
// and no cookie counts there.
export function handle({ event, resolve }) {
  const { request, url, route } = event;
  const harmless = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (harmless || route.id === '/hooks/smtpeter' || request.headers.get('origin') === url.origin) return resolve(event);
  return new Response('Cross-site requests are forbidden\n', { status: 403 });
}
