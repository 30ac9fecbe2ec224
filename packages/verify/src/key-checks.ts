import { latin1Bytes } from '#octets';
import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import type { KeyLookup, KeysFound, VerificationKey } from './key-source.js';
import { whenThere } from './promise-like.js';
import { verifySignature } from './signature-algorithm.js';
import type { SignatureParameters } from './signature-frame.js';

type Outcome = Failure | undefined;

/** What the checks before have made of a call: one whose key can be looked up, one whose signature can be verified. */
type Named = Call & { keyId: string };
type Verifiable = Named & {
  header: SignatureParameters;
  found: KeysFound;
  names: readonly string[];
  signature: Uint8Array;
  signingString: string;
};

export const key: Check = {
  id: 'key',
  run(call) {
    try {
      const { keyId } = call as Named;
      return caught(whenThere(call.settings.keys.find(keyId), (lookup) => take(call, lookup)));
    } catch (error) {
      return lookupBroke(error);
    }
  },
};

function take(call: Call, lookup: KeyLookup): Outcome {
  if (lookup.outcome !== 'found') return withoutKeys(call, lookup);
  call.found = lookup;
  return undefined;
}

function withoutKeys(call: Call, lookup: Exclude<KeyLookup, KeysFound>): Failure {
  const evidence = { keyId: (call as Named).keyId, detail: lookup.detail };
  return lookup.outcome === 'refused'
    ? { code: lookup.code, evidence }
    : { code: lookup.code, evidence, retryAfterSeconds: lookup.retryAfterSeconds };
}

/** A source must not throw. When one does, nothing is known about the key, and that is our fault. */
function lookupBroke(cause: unknown): Failure {
  return { code: 'ERR_KEY_LOOKUP_FAILED', evidence: { detail: 'the key source failed' }, cause };
}

function caught(outcome: Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
  return outcome instanceof Promise ? outcome.catch(lookupBroke) : outcome;
}

export const signature: Check = {
  id: 'signature',
  run(checked) {
    const call = checked as Verifiable;
    const named = call.header.algorithm?.toLowerCase();
    const found = call.found.keys;
    const keys = found.every((one) => fits(one, named)) ? found : found.filter((one) => fits(one, named));
    if (keys.length === 0) {
      const evidence = { received: call.header.algorithm ?? '', keyType: found[0]?.type ?? '' };
      return { code: 'ERR_ALGORITHM_REFUSED', evidence };
    }
    const data = latin1Bytes(call.signingString);
    return whenThere(tryKeys(call, keys, data), (holds) => (holds ? undefined : askAgain(call, data)));
  },
};

/** The key decides the algorithm; a request that names one must name that one. */
function fits(one: VerificationKey, name: string | undefined): boolean {
  return name === undefined || name === 'hs2019' || name === (one.type === 'rsa' ? 'rsa-sha256' : 'ed25519');
}

function tryKeys(call: Verifiable, keys: readonly VerificationKey[], data: Uint8Array): boolean | Promise<boolean> {
  const [one] = keys;
  if (one === undefined) return false;
  return whenThere(verifySignature(one, data, call.signature), (holds) => {
    if (!holds) return tryKeys(call, keys.slice(1), data);
    call.key = one;
    call.settings.remembered.keep(call);
    return true;
  });
}

const mismatch = (call: Verifiable): Failure => ({
  code: 'ERR_SIGNATURE_MISMATCH',
  evidence: {
    keyId: call.keyId,
    keyThumbprints: call.found.keys.map((one) => one.thumbprint),
    covered: call.names,
  },
});

/** The key may have been rotated under the same name since it was cached: a source that can is asked once more. */
function askAgain(call: Verifiable, data: Uint8Array): Outcome | Promise<Outcome> {
  const { found, keyId } = call;
  const { keys } = call.settings;
  if (!found.cached || keys.refresh === undefined) return mismatch(call);
  const tried = new Set(found.keys.map((one) => one.thumbprint));
  const retry = (lookup: KeyLookup): Outcome | Promise<Outcome> => {
    if (lookup.outcome !== 'found') return withoutKeys(call, lookup);
    call.found = lookup;
    const named = call.header.algorithm?.toLowerCase();
    const fresh = lookup.keys.filter((one) => !tried.has(one.thumbprint) && fits(one, named));
    return whenThere(tryKeys(call, fresh, data), (holds) => (holds ? undefined : mismatch(call)));
  };
  try {
    return caught(whenThere(keys.refresh(keyId, found), retry));
  } catch (error) {
    return lookupBroke(error);
  }
}
