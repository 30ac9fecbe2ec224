import { Call, pathOf } from './call.js';
import { bodyChecks, headChecks } from './checks.js';
import { WebhookRejectedError } from './errors.js';
import { type Explanation, explainCall } from './explain.js';
import { isPromiseLike } from './promise-like.js';
import type { ReplayAnswer } from './replay.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import type { RequestHead, SignedRequest } from './signed-request.js';
import { withBody } from './verified-body.js';
import { VerifiedCall } from './verified-call.js';
import type { ReceivedOptions, VerifiedHead, VerifiedRequest, Verifier, VerifierOptions } from './verifier.js';

/**
 * Makes a verifier: the vendor's checklist, to be run on each call.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = readSettings(options);

  const verifyHead = (head: RequestHead, receivedAt?: Date): VerifiedHead | Promise<VerifiedHead> => {
    const call = new Call(settings, head, undefined, receivedAt);
    const waiting = runChecks(headChecks, call);
    return waiting === undefined ? VerifiedCall.of(call) : waiting.then(() => VerifiedCall.of(call));
  };

  const verifyBody = (head: VerifiedHead, body: Uint8Array): VerifiedRequest | Promise<VerifiedRequest> => {
    const call = VerifiedCall.callOf(head);
    call.body = body;
    const waiting = runChecks(bodyChecks, call);
    if (waiting !== undefined) return waiting.then(() => withBody(head, body, call.bodySha256 ?? ''));
    return withBody(head, body, call.bodySha256 ?? '');
  };

  const claim = (head: VerifiedHead): ReplayAnswer | Promise<ReplayAnswer> => {
    const answer = settings.replay.claim(VerifiedCall.keyOf(head), head.date);
    return isPromiseLike(answer) ? Promise.resolve(answer).then(refuseForgotten) : refuseForgotten(answer);
  };

  const verify = async (request: SignedRequest, options?: ReceivedOptions): Promise<VerifiedRequest> => {
    const receivedAt = options?.receivedAt;
    // Each `await` of what is there already would cost a turn all the same.
    const maybeHead = verifyHead(request, receivedAt);
    const head = isPromiseLike(maybeHead) ? await maybeHead : maybeHead;
    const maybeVerified = verifyBody(head, request.body);
    const verified = isPromiseLike(maybeVerified) ? await maybeVerified : maybeVerified;
    if (receivedAt !== undefined) return verified;
    const maybeAnswer = claim(head);
    const answer = isPromiseLike(maybeAnswer) ? await maybeAnswer : maybeAnswer;
    if (answer.state !== 'claimed') throw new WebhookRejectedError('ERR_REPLAYED', 'replay');
    const confirmed = answer.confirm();
    if (isPromiseLike(confirmed)) await confirmed;
    return verified;
  };

  return {
    verifyHead: (head) => verifyHead(head),
    verifyBody,
    claim,
    verify,
    explain: async (request: SignedRequest, { receivedAt }: ReceivedOptions = {}): Promise<Explanation> =>
      explainCall(new Call(settings, request, request.body, receivedAt)),
    hasPath(target) {
      const path = pathOf(target);
      return settings.endpoints.some((one) => one.paths.includes(path));
    },
    async close() {
      try {
        settings.keys.close?.();
      } finally {
        await settings.replay.close?.();
      }
    },
  };
}

function refuseForgotten(answer: ReplayAnswer): ReplayAnswer {
  if (answer.state === 'forgotten') throw new WebhookRejectedError('ERR_REPLAY_HORIZON', 'replay');
  return answer;
}
