import { keyId, prepare, type SignedCalls } from '../calls.js';
import type { ServerSetup } from './servers.js';

/** What every server is told, whichever it is. */
export type Setup = Omit<ServerSetup, 'name'>;

/** @param more - what differs from one endpoint and one process. */
export function setupFor({ key, calls }: SignedCalls, more: Partial<Setup> = {}): Setup {
  const [first] = calls;
  if (first === undefined) throw new Error('There are no calls.');
  const { signingBytes, signature } = prepare(first);
  return {
    jwks: { keys: [{ ...key.publicJwk, kid: keyId }] },
    publicKeyPem: key.publicKeyPem,
    signed: { bytes: signingBytes.toString('base64'), signature: signature.toString('base64') },
    distinct: calls.length,
    ...more,
  };
}
