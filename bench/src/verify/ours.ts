import {
  createReplayMemory,
  createVerifier,
  type KeySource,
  type ReplayMemory,
  type Verifier,
} from '@smtpeter-webhooks/verify';
import { endpoint, type PreparedCall } from '../calls.js';

/**
 * A replay memory that is renewed after so many claims: the same calls can be verified again and again, and each claim
 * is one of a new call all the same.
 */
export function renewingMemory(every: number): ReplayMemory {
  const options = { toleranceSeconds: 3600 };
  let memory = createReplayMemory(options);
  let claims = 0;
  return {
    claim(key, date) {
      if (++claims > every) {
        memory = createReplayMemory(options);
        claims = 1;
      }
      return memory.claim(key, date);
    },
  };
}

/** Our verifier with a ready key. Calls are passed in turn; each is new to the replay memory. */
export function ourVerifier(keys: KeySource, distinct: number): Verifier {
  return createVerifier({
    endpoints: [endpoint],
    keys,
    replay: renewingMemory(Math.floor(distinct / 2)),
    toleranceSeconds: 3600,
  });
}

/** The three steps that a receiver takes; nothing waits while the key is known. */
export function inSteps(verifier: Verifier, { request, body }: PreparedCall): void {
  const head = now(verifier.verifyHead(request));
  now(verifier.verifyBody(head, body));
  const answer = now(verifier.claim(head));
  if (answer.state !== 'claimed') throw new Error(`The replay memory says ${answer.state}.`);
  void answer.confirm();
}

function now<T>(value: T | Promise<T>): T {
  if (value instanceof Promise) throw new Error('Something waits though the key is known.');
  return value;
}
