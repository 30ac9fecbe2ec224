import { Call } from './call.js';
import { bodyChecks, headChecks } from './checks.js';
import { WebhookRejectedError } from './errors.js';
import { type Explanation, explainCall } from './explain.js';
import type { ReplayAnswer } from './replay.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import type { RequestHead, SignedRequest } from './signed-request.js';
import { VerifiedCall, withBody } from './verified-call.js';
import type { VerifiedHead, VerifiedRequest, Verifier, VerifierOptions } from './verifier.js';

/**
 * Makes a verifier: the vendor's checklist, to be run on each call.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = readSettings(options);

  const verifyHead = (head: RequestHead): VerifiedHead | Promise<VerifiedHead> => {
    const call = new Call(settings, head);
    const waiting = runChecks(headChecks, call);
    return waiting === undefined ? VerifiedCall.of(call) : waiting.then(() => VerifiedCall.of(call));
  };

  const verifyBody = (head: VerifiedHead, body: Uint8Array): VerifiedRequest | Promise<VerifiedRequest> => {
    const call = VerifiedCall.callOf(head);
    call.body = body;
    const finish = () => withBody(head, body, call.bodySha256 ?? '');
    const waiting = runChecks(bodyChecks, call);
    return waiting === undefined ? finish() : waiting.then(finish);
  };

  const claim = (head: VerifiedHead): ReplayAnswer | Promise<ReplayAnswer> => {
    const call = VerifiedCall.callOf(head);
    const answer = settings.replay.claim((call.signature ?? new Uint8Array()).subarray(0, 16), head.date);
    return answer instanceof Promise ? answer.then(refuseForgotten) : refuseForgotten(answer);
  };

  const verify = async (request: SignedRequest): Promise<VerifiedRequest> => {
    const head = await verifyHead(request);
    const verified = await verifyBody(head, request.body);
    const answer = await claim(head);
    if (answer.state !== 'claimed') throw new WebhookRejectedError('ERR_REPLAYED', 'replay');
    await answer.confirm();
    return verified;
  };

  return {
    verifyHead,
    verifyBody,
    claim,
    verify,
    explain: (request: SignedRequest): Promise<Explanation> => explainCall(new Call(settings, request, request.body)),
    hasPath(target) {
      const end = target.indexOf('?');
      const path = end === -1 ? target : target.slice(0, end);
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
