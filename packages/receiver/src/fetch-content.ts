import { type ContentOptions, createContentGuard } from './content-guard.js';
import { markContentRequest } from './content-requests.js';
import { fetchHead } from './fetch-head.js';

/**
 * Guards a function that gives pages which the vendor fetches for mailings. Every request that reaches it is checked;
 * `contentRequestOf(request)` tells the page whose it is. What comes behind the request (a platform's `env` and
 * context) is passed on.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function contentRequests<Rest extends unknown[]>(
  options: ContentOptions & { readonly trustProxy?: boolean },
  page: (request: Request, ...rest: Rest) => Response | Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const guard = createContentGuard(options);
  const { trustProxy = false } = options;
  if (trustProxy) guard.warn('WARN_TRUST_PROXY_ALL');
  return async (request, ...rest) => {
    const { verified, answer } = await guard.admit({ head: fetchHead(request, trustProxy) });
    markContentRequest(request, verified);
    if (answer === undefined) return page(request, ...rest);
    const { status, headers } = answer;
    return new Response(request.method === 'HEAD' ? null : answer.body, { status, headers });
  };
}
