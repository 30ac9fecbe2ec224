import type { Ed25519Members, RsaKey, RsaMembers } from './rsa-keys.js';

/* rsa-keys.ts, loaded when it is first asked for: what imports this package must not wait for jose. */

export const importRsaSpki = async (spki: Uint8Array): Promise<RsaKey> =>
  (await import('./rsa-keys.js')).importRsaSpki(spki);

export const importRsaJwk = async (jwk: RsaMembers): Promise<RsaKey> =>
  (await import('./rsa-keys.js')).importRsaJwk(jwk);

export const thumbprintOf = async (jwk: RsaMembers | Ed25519Members): Promise<string> =>
  (await import('./rsa-keys.js')).thumbprintOf(jwk);
