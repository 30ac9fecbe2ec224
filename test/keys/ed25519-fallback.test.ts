import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTestKey, signRequest } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const key = createTestKey({ type: 'ed25519' });
const keyId = 'ed._domainkey.copernica.com';
const endpoint = { id: 'environment-1234', url: 'https://example.com/hooks/smtpeter' };

/** A runtime without Ed25519 of its own: no node:crypto to be had, and a WebCrypto that does not know the name. */
const withoutEd25519 = `
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (name) => (name === 'node:crypto' ? undefined : getBuiltinModule(name));
  const { subtle } = globalThis.crypto;
  const importKey = subtle.importKey.bind(subtle);
  let asked = 0;
  subtle.importKey = async (format, data, algorithm, ...rest) => {
    if ((algorithm.name ?? algorithm) !== 'Ed25519') return importKey(format, data, algorithm, ...rest);
    asked++;
    throw new DOMException('Unrecognized name.', 'NotSupportedError');
  };
`;

/** Verifies calls in a process of its own, where natives can be taken away before anything is imported. */
function verifyIn(prelude: string, fault?: 'foreign-key' | 'truncated-signature') {
  const call = signRequest({ ...endpoint, key, keyId, event: { type: 'open' }, ...(fault && { fault }) });
  const request = { ...call, headers: call.headers.flat(), body: [...call.body], secure: true };
  const script = `
    ${prelude}
    const { createVerifier } = await import('@smtpeter-webhooks/verify');
    const keys = ${JSON.stringify({ keys: [{ ...key.publicJwk, kid: keyId }] })};
    const verifier = createVerifier({ endpoints: [${JSON.stringify(endpoint)}], keys });
    const request = ${JSON.stringify(request)};
    const verdict = await verifier.verify({ ...request, body: Uint8Array.from(request.body) }).then(
      (verified) => verified.algorithm,
      (error) => error.code,
    );
    console.log(JSON.stringify({ verdict, asked: typeof asked === 'undefined' ? -1 : asked }));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  return JSON.parse(stdout.toString() || JSON.stringify({ verdict: stderr.toString() }));
}

describe('an Ed25519 key', () => {
  it('is used natively where the runtime can', () => {
    expect(verifyIn('')).toEqual({ verdict: 'ed25519', asked: -1 });
  });

  it('is used by tweetnacl where the runtime cannot, with the same verdicts', () => {
    expect(verifyIn(withoutEd25519)).toEqual({ verdict: 'ed25519', asked: 1 });
    expect(verifyIn(withoutEd25519, 'foreign-key')).toEqual({ verdict: 'ERR_SIGNATURE_MISMATCH', asked: 1 });
    expect(verifyIn(withoutEd25519, 'truncated-signature')).toMatchObject({ verdict: 'ERR_SIGNATURE_MISMATCH' });
  });
});
