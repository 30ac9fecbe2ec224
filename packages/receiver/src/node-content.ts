import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerWith } from './answer.js';
import { type ContentGuard, type ContentOptions, createContentGuard } from './content-guard.js';
import { markContentRequest } from './content-requests.js';
import { writeAnswer } from './node-answer.js';
import { listenForErrors, nodeHead } from './node-door.js';
import { secureBy, type TrustProxy } from './trust-proxy.js';

/**
 * Guards a listener that gives pages which the vendor fetches for mailings. Every request that reaches it is checked;
 * `contentRequestOf(request)` tells the page whose it is.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function contentRequests(
  options: ContentOptions & { readonly trustProxy?: TrustProxy },
  page: (request: IncomingMessage, response: ServerResponse) => unknown,
): (request: IncomingMessage, response: ServerResponse) => void {
  const isSecure = secureBy(options.trustProxy);
  const guard = createContentGuard(options);
  if (options.trustProxy === true) guard.warn('WARN_TRUST_PROXY_ALL');
  return (request, response) => {
    const goOn = async () => {
      try {
        await page(request, response);
      } catch (error) {
        guard.complain('a page failed', error);
        writeAnswer(request, response, answerWith(500));
      }
    };
    void guardNodeRequest(guard, request, response, { secure: isSecure(request) }, goOn);
  };
}

/** Goes on if a request for a page is admitted; else answers it. */
export async function guardNodeRequest(
  guard: ContentGuard,
  request: IncomingMessage,
  response: ServerResponse,
  known: { readonly secure: boolean; readonly target?: string | undefined },
  goOn: () => unknown,
): Promise<void> {
  listenForErrors(request, response);
  const head = nodeHead(request, known);
  const { verified, answer } = await guard.admit({ head, remoteAddress: request.socket.remoteAddress });
  markContentRequest(request, verified);
  if (answer === undefined) goOn();
  else writeAnswer(request, response, answer);
}
