import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rejections } from './errors.js';
import {
  endpoint,
  importPublic,
  keyId,
  keyPair,
  now,
  signedCall,
  sourceWith,
  withHeader,
} from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const { thumbprint } = await importPublic(keyPair.publicKey);
const second = { ...endpoint, url: 'https://second.example/hooks/second' };
const explain = (request: SignedRequest, options: Partial<VerifierOptions> = {}) =>
  createVerifier({ endpoints: [endpoint], keys, clock: () => now, ...options }).explain(request);
const resultsOf = async (request: SignedRequest, options?: Partial<VerifierOptions>) =>
  Object.fromEntries((await explain(request, options)).checks.map(({ id, result }) => [id, result]));

const order = [
  'request-line',
  'transport',
  'required-headers',
  'host',
  'path',
  'identity',
  'date',
  'signature-header',
  'algorithm',
  'coverage',
  'covered-headers',
  'signature-time',
  'key-id',
  'digest-header',
  'key',
  'signature',
  'digest-match',
];
const all = (result: string) => Object.fromEntries(order.map((id) => [id, result]));

describe('a report', () => {
  it('of a genuine call says of each check, in order, what holds and what was seen', async () => {
    const request = signedCall({ list: ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'] });
    const digest = createHash('sha256').update(request.body).digest('hex');
    const report = await explain(request);
    const date = new Date(now).toUTCString();
    expect(report.checks.map(({ id, title, evidence }) => [id, title, evidence])).toEqual([
      ['request-line', 'The request line is one that can be signed', {}],
      ['transport', 'The call came over HTTPS', { secure: true }],
      ['required-headers', 'Signature, Digest, Host, Date and X-Copernica-ID are there exactly once', {}],
      ['host', 'The Host is that of a configured URL', { received: 'example.com' }],
      ['path', 'The path is that of a configured URL', { received: '/hooks/smtpeter' }],
      ['identity', 'The X-Copernica-ID is that of the endpoint', { received: 'environment-1234' }],
      ['date', 'The Date is a recent one', { received: date, here: date }],
      ['signature-header', 'The Signature header can be read', {}],
      ['algorithm', 'No algorithm is named that is never accepted', { received: 'rsa-sha256' }],
      [
        'coverage',
        'The signature covers (request-target), host, date, x-copernica-id, digest',
        { covered: ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'] },
      ],
      ['covered-headers', 'Every header that the signature covers is there exactly once', {}],
      ['signature-time', '(created) and (expires), where they are used, are in bounds', {}],
      ['key-id', 'The keyId is a name of the vendor', { received: keyId }],
      ['digest-header', 'The Digest header holds a SHA-256 or SHA-512 value', {}],
      ['key', 'The keyId has a usable public key', { keyId, thumbprints: [thumbprint], bits: 2048, stale: false }],
      [
        'signature',
        'The signature is that of the signing string under the key',
        { signingString: report.signingString, keyThumbprint: thumbprint },
      ],
      [
        'digest-match',
        'Every SHA-256 and SHA-512 value of the Digest header is that of the body',
        { bodyBytes: request.body.length, received: [`sha-256:${digest}`], computedSha256: digest },
      ],
    ]);
    expect(report).toMatchObject({ genuine: true, keyThumbprint: thumbprint });
    expect([report.code, report.suggestion]).toEqual([undefined, undefined]);
  });

  it('of a refused one names the first failure and its remedy, with what came beside what was expected', async () => {
    const request = { ...withHeader(signedCall(), 'host', () => 'evil.example'), body: Buffer.from('x') };
    const report = await explain(request);
    expect(report).toMatchObject({
      genuine: false,
      code: 'ERR_HOST_MISMATCH',
      suggestion: rejections.ERR_HOST_MISMATCH.remedy,
    });
    expect(report.keyThumbprint).toBeUndefined();
    expect(report.checks.filter(({ result }) => result === 'failed').map(({ id, code }) => [id, code])).toEqual([
      ['host', 'ERR_HOST_MISMATCH'],
      ['signature', 'ERR_SIGNATURE_MISMATCH'],
      ['digest-match', 'ERR_DIGEST_MISMATCH'],
    ]);
    expect(report.checks[3]).toEqual({
      id: 'host',
      title: 'The Host is that of a configured URL',
      result: 'failed',
      code: 'ERR_HOST_MISMATCH',
      evidence: { received: 'evil.example', expected: ['example.com'] },
    });
    expect(report.checks[0]).not.toHaveProperty('code');
  });
});

describe('a check is skipped where what it needs is not there:', () => {
  const skippedWithoutHeaders = {
    ...all('skipped'),
    'request-line': 'passed',
    transport: 'passed',
    'required-headers': 'failed',
    path: 'passed',
  };

  it('no header at all', async () => {
    const report = await explain({ ...signedCall(), headers: [] });
    expect(Object.fromEntries(report.checks.map(({ id, result }) => [id, result]))).toEqual(skippedWithoutHeaders);
    expect(report.signingString).toBeUndefined();
    expect(report.checks.at(-1)).toEqual({
      id: 'digest-match',
      title: 'Every SHA-256 and SHA-512 value of the Digest header is that of the body',
      result: 'skipped',
      evidence: {},
    });
  });

  it('every header twice', async () => {
    const { headers } = signedCall();
    expect(await resultsOf({ ...signedCall(), headers: [...headers, ...headers] })).toEqual(skippedWithoutHeaders);
  });

  it('a Signature header without a keyId', async () => {
    expect(await resultsOf(signedCall({ parameters: {} }))).toEqual({
      ...all('passed'),
      'signature-header': 'failed',
      'key-id': 'skipped',
      key: 'skipped',
      signature: 'skipped',
    });
  });

  it('a signature that covers too little', async () => {
    expect(await resultsOf(signedCall({ list: ['host', 'date'] }))).toEqual({
      ...all('passed'),
      coverage: 'failed',
      'covered-headers': 'skipped',
      signature: 'skipped',
    });
  });

  it('a call that fits none of several endpoints', async () => {
    const request = withHeader(signedCall(), 'host', () => 'evil.example');
    expect(await resultsOf(request, { endpoints: [endpoint, second] })).toMatchObject({
      host: 'failed',
      path: 'passed',
      'covered-headers': 'passed',
    });
    const nowhere = { ...request, target: '/nowhere' };
    expect(await resultsOf(nowhere, { endpoints: [endpoint, second] })).toEqual({
      ...all('passed'),
      host: 'failed',
      path: 'failed',
      identity: 'failed',
      'covered-headers': 'skipped',
      signature: 'skipped',
    });
  });
});
