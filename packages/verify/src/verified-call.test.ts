import { describe, expect, it } from 'vitest';
import { Call } from './call.js';
import { headChecks } from './checks.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import { ed25519KeyPair, endpoint, keyId, keyPair, now, signedCall, sourceWith } from './signed-call.testing.js';
import { VerifiedCall } from './verified-call.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const options = { endpoints: [endpoint], keys, clock: () => now };

describe('the head of a verified call', () => {
  const request = signedCall({ target: '/hooks/smtpeter?a=1' });
  const head = VerifiedCall.of(checked(request));

  it('holds what was signed', () => {
    const signature = /signature="([^"]*)"/.exec(request.headers.at(-1) ?? '')?.[1] ?? '';
    expect(head).toMatchObject({
      identity: 'environment-1234',
      endpoint,
      method: 'POST',
      url: 'https://example.com/hooks/smtpeter?a=1',
      date: now,
      keyId,
      algorithm: 'rsa-sha256',
    });
    expect(Buffer.from(head.replayKey)).toEqual(Buffer.from(signature, 'base64').subarray(0, 16));
    expect(VerifiedCall.keyOf(head)).toBe(head.replayKey);
  });

  it('has the scheme of its endpoint', () => {
    const endpoints = [{ ...endpoint, url: 'http://example.com/hooks/smtpeter' }];
    expect(VerifiedCall.of(checked(signedCall(), { endpoints })).url).toBe('http://example.com/hooks/smtpeter');
  });

  it('names the algorithm of its key', async () => {
    const ed25519 = await sourceWith(ed25519KeyPair.publicKey);
    const call = signedCall({ privateKey: ed25519KeyPair.privateKey, parameters: { keyId, algorithm: 'hs2019' } });
    expect(VerifiedCall.of(checked(call, { keys: ed25519 })).algorithm).toBe('ed25519');
  });

  it('gives a header by its name in any case, when it was signed', () => {
    expect(head.header('X-Nonce')).toBe('fsd9f2');
    expect(head.header('x-NONCE')).toBe('fsd9f2');
    expect(head.header('HOST')).toBe('example.com');
    expect(head.header('Signature')).toBeUndefined();
    expect(head.header('X-Absent')).toBeUndefined();
    expect(head.header('(request-target)')).toBeUndefined();
  });

  it('and its body say the same, of whatever was signed', async () => {
    const verified = await createVerifier(options).verify(request);
    const { replayKey, ...rest } = head;
    expect(verified).toMatchObject({ ...rest, url: head.url });
    expect(Buffer.from(verified.replayKey)).toEqual(Buffer.from(replayKey));
    expect(verified.header('X-NONCE')).toBe('fsd9f2');
    expect(verified.eventKey).toBe(verified.eventKey);
  });
});

function checked(request = signedCall(), change = {}): Call {
  const call = new Call(readSettings({ ...options, ...change }), request);
  expect(runChecks(headChecks, call)).toBeUndefined();
  return call;
}

it.each<[string, (call: Call) => void]>([
  [
    'an endpoint',
    (call) => {
      call.candidates = [];
    },
  ],
  [
    'a key',
    (call) => {
      call.key = undefined;
    },
  ],
  [
    'a date',
    (call) => {
      call.date = undefined;
    },
  ],
  [
    'the name of its key',
    (call) => {
      call.keyId = undefined;
    },
  ],
  [
    'a signature',
    (call) => {
      call.signature = undefined;
    },
  ],
  [
    'the names that were signed',
    (call) => {
      call.names = undefined;
    },
  ],
  [
    'a digest',
    (call) => {
      call.digest = undefined;
    },
  ],
])('a call without %s is never taken for a verified one', (_, spoil) => {
  const call = checked();
  spoil(call);
  expect(() => VerifiedCall.of(call)).toThrow('A call passed its checks without what they leave.');
});

it('what is no head of a verified call is told from one', () => {
  const { replayKey } = VerifiedCall.of(checked());
  const wrong = new TypeError('Give what verifyHead returned.');
  expect(() => VerifiedCall.callOf({ replayKey } as never)).toThrow(wrong);
  expect(() => VerifiedCall.keyOf({ replayKey } as never)).toThrow(wrong);
});
