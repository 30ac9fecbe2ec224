import type { RequestHead } from '@smtpeter-webhooks/verify';

/**
 * What was signed of a request, as far as Fetch lets see it. A platform that drops Host has put it into the URL.
 *
 * @param trustProxy - X-Forwarded-Proto decides. Some platforms say https of every URL, and others http.
 */
export function fetchHead(request: Request, trustProxy: boolean): RequestHead {
  const url = new URL(request.url);
  const headers: string[] = [];
  request.headers.forEach((value, name) => {
    headers.push(name, value);
  });
  if (!request.headers.has('host')) headers.push('host', url.host);
  const forwarded = request.headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase();
  const secure = trustProxy ? forwarded === 'https' : url.protocol === 'https:';
  return { method: request.method, target: `${url.pathname}${url.search}`, headers, secure };
}
