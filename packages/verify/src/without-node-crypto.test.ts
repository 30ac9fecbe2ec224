import './without-node-crypto.testing.js';

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventKeyOf } from './event-key.js';
import { endpoint, keyPair, now, signedCall, sourceWith } from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import { createVerifier } from './verify-request.js';
import { restoreNodeCrypto } from './without-node-crypto.testing.js';

restoreNodeCrypto();

const keys = await sourceWith(keyPair.publicKey);
const verify = (request: SignedRequest) =>
  createVerifier({ endpoints: [endpoint], keys, clock: () => now }).verify(request);

const body = Buffer.from('{"type":"open","id":"abc"}');
const digestOf = (name: 'SHA-256' | 'SHA-512', data: Uint8Array) =>
  `${name}=${createHash(name.replace('-', '').toLowerCase()).update(data).digest('base64')}`;
const hex = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const digested = (value: string) => {
  const { headers } = signedCall();
  const pairs = Array.from({ length: headers.length / 2 - 1 }, (_, i) => headers.slice(2 * i, 2 * i + 2));
  return signedCall({
    headers: pairs.map(([name = '', old = '']): [string, string] => [name, name === 'Digest' ? value : old]),
  });
};

describe('where only WebCrypto hashes and verifies', () => {
  it.each([
    ['SHA-256', digestOf('SHA-256', body)],
    ['SHA-512', digestOf('SHA-512', body)],
    ['both', `${digestOf('SHA-512', body)},${digestOf('SHA-256', body)}`],
  ])('a call with %s is verified, and its event has the same key', async (_, digest) => {
    const eventKey = hex(`environment-1234\n${hex(body)}`);
    const verified = await verify(digested(digest));
    expect(verified).toMatchObject({ identity: 'environment-1234', eventKey, body });
    expect(verified.header('x-nonce')).toBe('fsd9f2');
    expect(await eventKeyOf('environment-1234', body)).toBe(eventKey);
  });

  it.each<[string, string, SignedRequest]>([
    ['another body', 'ERR_DIGEST_MISMATCH', { ...signedCall(), body: Buffer.from('x') }],
    ['another SHA-512', 'ERR_DIGEST_MISMATCH', digested(digestOf('SHA-512', Buffer.from('x')))],
    [
      'one digest that is right and one that is not',
      'ERR_DIGEST_MISMATCH',
      digested(`${digestOf('SHA-256', body)},${digestOf('SHA-512', Buffer.from('x'))}`),
    ],
    ['another method', 'ERR_SIGNATURE_MISMATCH', { ...signedCall(), method: 'PUT' }],
  ])('a call with %s is refused: %s', async (_, code, request) => {
    await expect(verify(request)).rejects.toMatchObject({ code });
  });

  it('a promise is waited for, and never taken for a yes', async () => {
    const verifier = createVerifier({ endpoints: [endpoint], keys, clock: () => now });
    const head = verifier.verifyHead(signedCall());
    expect(head).toBeInstanceOf(Promise);
    const verified = verifier.verifyBody(await head, body);
    expect(verified).toBeInstanceOf(Promise);
    expect(typeof (await verified).eventKey).toBe('string');
    await expect(verifier.verifyBody(await head, Buffer.from('x'))).rejects.toMatchObject({
      code: 'ERR_DIGEST_MISMATCH',
    });
  });
});
