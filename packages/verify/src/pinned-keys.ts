import { parseKeyId } from './key-id.js';
import type { KeyLookup, KeySource, VerificationKey } from './key-source.js';
import { importJwkKey, type KeyImportError, type PublicJwk } from './signature-algorithm.js';

/** A JSON Web Key Set (RFC 7517 section 5) of public keys. */
export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[];
}

/**
 * Keys that are given, for places without DNS. The vendor rotates its keys monthly, so whoever pins them must renew
 * them by other means.
 *
 * @param jwks - `kid` is the key's name in DNS, in any case; a key without one serves every keyId.
 * @throws TypeError when it is not a set of public keys. What only shows when a key is imported (it is too small, say)
 *   refuses calls under it with `ERR_KEY_UNUSABLE`.
 */
export function pinnedKeys(jwks: PublicJwkSet): KeySource {
  const isJwk = (jwk: PublicJwk | null) => typeof jwk?.kty === 'string';
  if (!Array.isArray(jwks?.keys) || jwks.keys.length === 0 || !jwks.keys.every(isJwk)) {
    throw new TypeError('pinnedKeys: give a JWK set, { keys: [{ kty, …, kid }] }, of public keys.');
  }
  for (const jwk of jwks.keys) {
    if ('d' in jwk || 'k' in jwk)
      throw new TypeError('pinnedKeys: The JWK is private or secret: give the public key alone.');
    if (jwk.kid !== undefined && nameOf(jwk) === undefined) {
      throw new TypeError('pinnedKeys: kid is the name of the key in DNS, like one._domainkey.copernica.com.');
    }
  }
  const imported = new Map<PublicJwk, Promise<VerificationKey>>();
  const ready = new Map<string, KeyLookup>();

  return {
    find(keyId) {
      const known = ready.get(keyId);
      if (known !== undefined) return known;
      const jwksOfName = jwks.keys.filter((jwk) => jwk.kid === undefined || nameOf(jwk) === keyId);
      if (jwksOfName.length === 0) {
        return { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'the name is not pinned' };
      }
      const keys = jwksOfName.slice(0, 4).map((jwk) => {
        const key = imported.get(jwk) ?? importJwkKey(jwk);
        imported.set(jwk, key);
        return key;
      });
      return Promise.all(keys).then(
        (all): KeyLookup => {
          const found: KeyLookup = { outcome: 'found', keys: all, cached: true, stale: false };
          // Keys without kid serve any name, and names are the caller's: remember so many and no more.
          if (ready.size < 256) ready.set(keyId, found);
          return found;
        },
        ({ message }: KeyImportError): KeyLookup => ({ outcome: 'refused', code: 'ERR_KEY_UNUSABLE', detail: message }),
      );
    },
  };
}

/** The name in one spelling: lower case, no trailing dot. The zone is checked of each call's keyId, not here. */
function nameOf(jwk: PublicJwk): string | undefined {
  if (typeof jwk.kid !== 'string') return undefined;
  const labels = jwk.kid.replace(/\.$/, '').split('.');
  return parseKeyId(jwk.kid, labels.slice(1).join('.').toLowerCase());
}
