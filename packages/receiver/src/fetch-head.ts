import type { RequestHead } from '@smtpeter-webhooks/verify';
import type { Incoming } from './fetch-incoming.js';

/**
 * What was signed of a request, as far as Fetch lets see it. A platform that drops Host has put it into the URL.
 *
 * @param incoming - what the request was made of: its header lines are those that came, not joined ones.
 * @param trustProxy - X-Forwarded-Proto decides. Some platforms say https of every URL, and others http.
 */
export function fetchHead(request: Request, trustProxy: boolean, incoming?: Incoming): RequestHead {
  const url = new URL(request.url);
  const headers = incoming?.rawHeaders ?? headersOf(request, url);
  const forwarded = request.headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase();
  const secure = trustProxy ? forwarded === 'https' : url.protocol === 'https:';
  return { method: request.method, target: `${url.pathname}${url.search}`, headers, secure };
}

function headersOf(request: Request, url: URL): string[] {
  const headers: string[] = [];
  request.headers.forEach((value, name) => {
    headers.push(name, value);
  });
  if (!request.headers.has('host')) headers.push('host', url.host);
  return headers;
}
