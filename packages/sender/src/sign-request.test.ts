import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { faultNames, faults } from './faults.js';
import { type SignedCall, signRequest } from './sign-request.js';
import { createTestKey, testKeyFromPem } from './test-key.js';

const key = createTestKey();
const url = 'https://example.com/dir/script.php?a=1';
const options = {
  url,
  id: 'environment-1234',
  key,
  keyId: 'one._domainkey.copernica.com',
  body: '{"type":"open"}',
  date: new Date(0),
  nonce: 'fsd9f2',
};

const header = (call: SignedCall, name: string) => call.headers.find(([one]) => one === name)?.[1] ?? '';
const parameter = (call: SignedCall, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(header(call, 'Signature'))?.[1] ?? '';

/** The signing string, written out by hand from what the request says. */
function expectedText(call: SignedCall): string {
  return [
    `(request-target): post ${call.target}`,
    `host: ${header(call, 'Host')}`,
    `date: ${header(call, 'Date')}`,
    `content-length: ${header(call, 'Content-Length')}`,
    `content-type: ${header(call, 'Content-Type')}`,
    `x-copernica-id: ${header(call, 'X-Copernica-ID')}`,
    `digest: ${header(call, 'Digest')}`,
    `x-nonce: ${header(call, 'X-Nonce')}`,
  ].join('\n');
}

const holds = (call: SignedCall, text = expectedText(call)) =>
  verify(
    'sha256',
    Buffer.from(text, 'latin1'),
    createPublicKey(key.publicKeyPem),
    Buffer.from(parameter(call, 'signature').replaceAll(' ', ''), 'base64'),
  );

describe('a signed call', () => {
  it("has the vendor's headers in the vendor's order", () => {
    expect(signRequest(options)).toMatchObject({
      method: 'POST',
      target: '/dir/script.php?a=1',
      headers: [
        ['Host', 'example.com'],
        ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
        ['Content-Length', '15'],
        ['Content-Type', 'application/json'],
        ['X-Copernica-ID', 'environment-1234'],
        ['Digest', `SHA-256=${createHash('sha256').update('{"type":"open"}').digest('base64')}`],
        ['X-Nonce', 'fsd9f2'],
        [
          'Signature',
          expect.stringMatching(
            /^keyId="one\._domainkey\.copernica\.com",algorithm="rsa-sha256",headers="\(request-target\) host date [a-z -]+",signature="[A-Za-z0-9+/]+={0,2}"$/,
          ),
        ],
      ],
    });
  });

  it('is signed over its signing string', () => {
    expect(holds(signRequest(options))).toBe(true);
    expect(holds(signRequest({ ...options, nonce: 'caf\xe9' }))).toBe(true);
    expect(holds(signRequest(options), 'another text')).toBe(false);
  });

  it('as documented has a mixed-case list, runs of white space and a comma missing', () => {
    const call = signRequest({ ...options, headerList: 'documented' });
    expect(header(call, 'Signature')).toMatch(/headers="\(request-target\) Host Date .*X-nonce" {5}signature="/);
    expect(holds(call)).toBe(true);
  });

  it('takes an event in JSON or as a form', () => {
    const event = { type: 'open', tags: ['a b', 'ü'] };
    expect(Buffer.from(signRequest({ ...options, body: undefined as never, event }).body).toString()).toBe(
      '{"type":"open","tags":["a b","ü"]}',
    );
    const form = signRequest({ ...options, body: undefined as never, event, encoding: 'form' });
    expect(Buffer.from(form.body).toString()).toBe('type=open&tags%5B0%5D=a+b&tags%5B1%5D=%C3%BC');
    expect(header(form, 'Content-Type')).toBe('application/x-www-form-urlencoded');
  });

  it('can be a GET without a body', () => {
    const { body: _, ...rest } = options;
    const call = signRequest({ ...rest, method: 'GET' });
    expect(call).toMatchObject({ method: 'GET', body: new Uint8Array() });
  });

  it('needs something to sign', () => {
    const { body: _, ...rest } = options;
    expect(() => signRequest(rest)).toThrow(TypeError);
    expect(() => signRequest({ ...options, fault: 'nonsense' as never })).toThrow(TypeError);
  });
});

// draft-cavage-http-signatures-10 appendix C: the public key and the three signatures, over strings written out here.
it('the signatures of appendix C of the draft hold over strings as they are built here', () => {
  const draftKey = createPublicKey(
    `-----BEGIN PUBLIC KEY-----\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3\n6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6\nZ4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw\noYi+1hqp1fIekaxsyQIDAQAB\n-----END PUBLIC KEY-----\n`,
  );
  const signature =
    'SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=';
  const text = 'date: Sun, 05 Jan 2014 21:31:40 GMT';
  expect(verify('sha256', Buffer.from(text), draftKey, Buffer.from(signature, 'base64'))).toBe(true);
});

describe('a fault', () => {
  it.each(faultNames)('%s changes the call, and says what a receiver answers', (fault) => {
    const genuine = signRequest(options);
    const faulty = signRequest({ ...options, fault });
    const same = (call: SignedCall) =>
      JSON.stringify([call.method, call.target, call.headers, Buffer.from(call.body).toString('hex')]);
    expect(same(faulty)).not.toBe(same(genuine));
    expect([401, 415, 421]).toContain(faults[fault].expected);
    expect(faults[fault].title).not.toBe('');
  });

  it('that leaves the signature right, leaves it right: the mistake is the one that is named', () => {
    for (const fault of [
      'stale-date',
      'future-date',
      'wrong-digest',
      'altered-body',
      'wrong-identity',
      'wrong-host',
      'foreign-key-id',
      'gzip-body',
    ] as const) {
      const call = signRequest({ ...options, fault });
      // The length header is the one thing that an altered body may change; here it does not.
      expect(holds(call), fault).toBe(true);
    }
    for (const fault of [
      'foreign-key',
      'wrong-path',
      'altered-query',
      'altered-header',
      'hmac-with-public-key',
      'truncated-signature',
      'empty-header-values',
      'altered-date',
    ] as const) {
      expect(holds(signRequest({ ...options, fault })), fault).toBe(false);
    }
  });
});

describe('a test key', () => {
  it.each([
    ['rsa', 2048],
    ['ed25519', 256],
  ] as const)('of type %s comes back from its PEM, with its record', (type, bits) => {
    const made = createTestKey({ type });
    expect(testKeyFromPem(made.privateKeyPem)).toMatchObject({
      type,
      bits,
      dkimRecord: made.dkimRecord,
      publicKeyPem: made.publicKeyPem,
    });
    expect(made.txtStrings.join('')).toBe(made.dkimRecord);
    expect(Math.max(...made.txtStrings.map((text) => text.length))).toBeLessThanOrEqual(255);
  });

  it.each([
    ['nothing', ''],
    ['a public key', key.publicKeyPem],
    ['a text', 'a secret text'],
  ])('is not made of %s, and the error does not quote it', (_, pem) => {
    expect(() => testKeyFromPem(pem)).toThrow(TypeError);
    expect(() => testKeyFromPem('a secret text')).not.toThrow(/a secret text/);
  });
});
