import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Call } from './call.js';
import { bodyChecks } from './checks.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import { endpoint, keyPair, now, signedCall, sourceWith, withHeader } from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import { createVerifier } from './verify-request.js';

const options = { endpoints: [endpoint], keys: await sourceWith(keyPair.publicKey), clock: () => now };
const body = Buffer.from('{"type":"open","id":"abc"}');
const base64 = (algorithm: string, data: Uint8Array | string = body) =>
  createHash(algorithm).update(data).digest('base64');
const hex = (algorithm: string, data: Uint8Array | string = body) => createHash(algorithm).update(data).digest('hex');

const digested = (value: string): SignedRequest => {
  const { headers } = signedCall();
  const pairs = Array.from({ length: headers.length / 2 - 1 }, (_, i) => headers.slice(2 * i, 2 * i + 2));
  return signedCall({
    headers: pairs.map(([name = '', old = '']): [string, string] => [name, name === 'Digest' ? value : old]),
  });
};
const strong = {
  'sha-256': `SHA-256=${base64('sha256')}`,
  'sha-512': `SHA-512=${base64('sha512')}`,
};
const wrong = {
  'sha-256': `SHA-256=${base64('sha256', 'x')}`,
  'sha-512': `SHA-512=${base64('sha512', 'x')}`,
};

describe('a body', () => {
  it.each([
    ['SHA-256', strong['sha-256']],
    ['SHA-512', strong['sha-512']],
    ['both', `${strong['sha-512']},${strong['sha-256']}`],
  ])('is the one that was signed by %s, and then has the same key of its event', async (_, digest) => {
    const { eventKey } = await createVerifier(options).verify(digested(digest));
    expect(eventKey).toBe(hex('sha256', `environment-1234\n${hex('sha256')}`));
  });

  it.each<[string, string, string[]]>([
    ['SHA-256', wrong['sha-256'], ['sha-256']],
    ['SHA-512', wrong['sha-512'], ['sha-512']],
    ['SHA-256 beside a right one', `${wrong['sha-256']},${strong['sha-512']}`, ['sha-256']],
    ['SHA-512 beside a right one', `${strong['sha-256']},${wrong['sha-512']}`, ['sha-512']],
    ['each of both', `${wrong['sha-512']},${wrong['sha-256']}`, ['sha-512', 'sha-256']],
  ])('is another by a wrong %s', async (_, digest, algorithms) => {
    await expect(createVerifier(options).verify(digested(digest))).rejects.toMatchObject({
      code: 'ERR_DIGEST_MISMATCH',
      check: 'digest-match',
      evidence: { algorithms, bodyBytes: body.length },
    });
  });

  it('is not let through when nothing is there to compare it with', () => {
    const call = new Call(readSettings(options), signedCall(), body);
    const evidence = { algorithms: [], bodyBytes: body.length };
    const refusal = expect.objectContaining({ code: 'ERR_DIGEST_MISMATCH', evidence });
    expect(() => runChecks(bodyChecks, call)).toThrow(refusal);
    call.digest = { values: [], ignored: ['md5'] };
    expect(() => runChecks(bodyChecks, call)).toThrow(refusal);
  });

  it('that is not there is none', async () => {
    const verifier = createVerifier(options);
    const head = await verifier.verifyHead(signedCall());
    const evidence = { algorithms: ['sha-256'], bodyBytes: 0 };
    expect(() => verifier.verifyBody(head, undefined as never)).toThrow(
      expect.objectContaining({ code: 'ERR_DIGEST_MISMATCH', evidence }),
    );
  });

  it('is reported on with the hashes as people see them elsewhere', async () => {
    const seen = async (request: SignedRequest) => (await createVerifier(options).explain(request)).checks.at(-1);
    expect(await seen(digested(`${strong['sha-256']},${strong['sha-512']}`))).toMatchObject({
      id: 'digest-match',
      result: 'passed',
      evidence: {
        bodyBytes: body.length,
        received: [`sha-256:${hex('sha256')}`, `sha-512:${hex('sha512')}`],
        computedSha256: hex('sha256'),
      },
    });
    expect(await seen({ ...signedCall(), body: Buffer.from('x') })).toMatchObject({
      result: 'failed',
      code: 'ERR_DIGEST_MISMATCH',
      evidence: { algorithms: ['sha-256'], bodyBytes: 1, computedSha256: hex('sha256', 'x') },
    });
    expect(await seen(withHeader(signedCall(), 'digest', () => 'MD5=x'))).toMatchObject({ result: 'skipped' });
    expect(await seen({ ...signedCall(), body: undefined as never })).toMatchObject({ result: 'skipped' });
  });
});
