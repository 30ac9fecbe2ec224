import { Call } from './call.js';
import { callVerifierWith, verifyHead } from './call-verifier.js';
import { WebhookRejectedError } from './errors.js';
import { explainCall } from './explain.js';
import { isPromiseLike, whenThere } from './promise-like.js';
import { readSettings } from './settings.js';
import type { Verifier, VerifierOptions } from './verifier.js';

/**
 * Makes a verifier: the vendor's checklist, to be run on each call.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = readSettings(options);
  const parts = callVerifierWith(settings);
  return {
    ...parts,
    async verify(request, { receivedAt } = {}) {
      // Each `await` of what is there already would cost a turn all the same.
      const maybeHead = verifyHead(settings, request, receivedAt);
      const head = isPromiseLike(maybeHead) ? await maybeHead : maybeHead;
      const maybeVerified = parts.verifyBody(head, request.body);
      const verified = isPromiseLike(maybeVerified) ? await maybeVerified : maybeVerified;
      if (receivedAt !== undefined) return verified;
      const maybeAnswer = parts.claim(head);
      const answer = isPromiseLike(maybeAnswer) ? await maybeAnswer : maybeAnswer;
      if (answer.state !== 'claimed') throw new WebhookRejectedError('ERR_REPLAYED', 'replay');
      return whenThere(answer.confirm(), () => verified);
    },
    explain: async (request, { receivedAt } = {}) => explainCall(new Call(settings, request, request.body, receivedAt)),
  };
}
