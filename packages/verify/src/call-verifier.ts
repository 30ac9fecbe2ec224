import { Call, pathOf } from './call.js';
import { bodyChecks, headChecks } from './checks.js';
import { WebhookRejectedError } from './errors.js';
import { whenThere } from './promise-like.js';
import type { ReplayAnswer } from './replay.js';
import { runChecks } from './run-checks.js';
import { readSettings, type Settings } from './settings.js';
import type { RequestHead } from './signed-request.js';
import { withBody } from './verified-body.js';
import { VerifiedCall } from './verified-call.js';
import type { CallVerifier, VerifiedHead, VerifierOptions } from './verifier.js';

/**
 * Makes a verifier that has the checklist in its parts alone: what a receiver needs, and less to load than the whole.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createCallVerifier(options: VerifierOptions): CallVerifier {
  return callVerifierWith(readSettings(options));
}

export function callVerifierWith(settings: Settings): CallVerifier {
  return {
    verifyHead: (head) => verifyHead(settings, head),
    verifyBody(head, body) {
      const call = VerifiedCall.callOf(head);
      call.body = body;
      return whenThere(runChecks(bodyChecks, call), () => withBody(head, body, call.bodySha256 ?? ''));
    },
    claim: (head) => whenThere(settings.replay.claim(VerifiedCall.keyOf(head), head.date), refuseForgotten),
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

/** @param receivedAt - the moment of receipt; default the present. */
export function verifyHead(
  settings: Settings,
  head: RequestHead,
  receivedAt?: Date,
): VerifiedHead | Promise<VerifiedHead> {
  const call = new Call(settings, head, undefined, receivedAt);
  return whenThere(runChecks(headChecks, call), () => VerifiedCall.of(call));
}

function refuseForgotten(answer: ReplayAnswer): ReplayAnswer {
  if (answer.state === 'forgotten') throw new WebhookRejectedError('ERR_REPLAY_HORIZON', 'replay');
  return answer;
}
