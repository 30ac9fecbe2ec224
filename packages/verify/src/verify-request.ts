import { Call } from './call.js';
import type { Check, Failure } from './check.js';
import { bodyChecks, headChecks } from './checks.js';
import { WebhookRejectedError } from './errors.js';
import { type Explanation, explainCall } from './explain.js';
import type { ReplayAnswer } from './replay.js';
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
    const waiting = run(headChecks, call, 0);
    return waiting === undefined ? VerifiedCall.of(call) : waiting.then(() => VerifiedCall.of(call));
  };

  const verifyBody = (head: VerifiedHead, body: Uint8Array): VerifiedRequest | Promise<VerifiedRequest> => {
    const call = VerifiedCall.callOf(head);
    call.body = body;
    const finish = () => withBody(head, body, call.bodySha256 ?? '');
    const waiting = run(bodyChecks, call, 0);
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

/** Runs the checks from `start` on. Gives a promise only when one of them must wait. */
function run(checks: readonly Check[], call: Call, start: number): Promise<void> | undefined {
  for (let i = start; i < checks.length; i++) {
    const check = checks[i] as Check;
    const outcome = check.run(call);
    if (outcome === undefined) continue;
    if (!(outcome instanceof Promise)) throw refusal(check, outcome);
    return outcome.then((failure) => {
      if (failure !== undefined) throw refusal(check, failure);
      return run(checks, call, i + 1);
    });
  }
  return undefined;
}

function refusal(check: Check, failure: Failure): WebhookRejectedError {
  const { code, evidence, retryAfterSeconds, cause } = failure;
  return new WebhookRejectedError(code, check.id, evidence, { retryAfterSeconds, cause });
}

function refuseForgotten(answer: ReplayAnswer): ReplayAnswer {
  if (answer.state === 'forgotten') throw new WebhookRejectedError('ERR_REPLAY_HORIZON', 'replay');
  return answer;
}
