import { describe, expect, it } from 'vitest';
import { Call, pathOf } from './call.js';
import { createContentVerifier } from './content-verifier.js';
import { readSettings } from './settings.js';
import { endpoint, keyPair, now, signedCall, sourceWith } from './signed-call.testing.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const second = { ...endpoint, url: 'https://second.example/hooks/second' };
const settingsWith = (options: Partial<VerifierOptions> = {}) =>
  readSettings({ endpoints: [endpoint], keys, clock: () => now, ...options });

it.each([
  ['/a', '/a'],
  ['/a?', '/a'],
  ['/a?b?c', '/a'],
  ['?b', ''],
  ['', ''],
])('the path of %j is %j', (target, path) => {
  expect(pathOf(target)).toBe(path);
});

describe('the moment of receipt is', () => {
  it('that of the clock, or the one that is given', () => {
    expect(new Call(settingsWith(), signedCall()).now).toBe(now);
    expect(new Call(settingsWith(), signedCall(), undefined, new Date(5)).now).toBe(5);
  });

  it.each<[string, unknown]>([
    ['a number', now],
    ['a text', new Date(now).toISOString()],
    ['null', null],
    ['an invalid Date', new Date(Number.NaN)],
  ])('never %s: old calls could be let in by it', async (_, receivedAt) => {
    const verifier = createVerifier({ endpoints: [endpoint], keys });
    const misuse = new TypeError('receivedAt: give a valid Date, the moment at which the call came in.');
    await expect(verifier.verify(signedCall(), { receivedAt: receivedAt as Date })).rejects.toThrow(misuse);
    await expect(verifier.explain(signedCall(), { receivedAt: receivedAt as Date })).rejects.toThrow(misuse);
  });
});

describe('a call is over', () => {
  const rewritten = { ...signedCall({ target: '/internal?a=1' }), secure: true };
  const signed = (call: Call) => [call.signedHost, call.signedTarget];

  it('what was received', () => {
    const call = new Call(settingsWith({ endpoints: [endpoint, second] }), rewritten);
    expect(signed(call)).toEqual(['', '/internal?a=1']);
    call.host = 'example.com';
    expect(signed(call)).toEqual(['example.com', '/internal?a=1']);
  });

  it("its endpoint's URL and the query that came, where that was asked for, and nothing while none is known", () => {
    const call = new Call(settingsWith({ endpoints: [endpoint, second], signedUrl: 'configured' }), rewritten);
    call.host = 'backend:3000';
    expect(call.endpoint).toBeUndefined();
    expect(signed(call)).toEqual(['', '?a=1']);
    call.candidates = call.candidates.slice(1);
    expect(call.endpoint?.endpoint.url).toBe(second.url);
    expect(signed(call)).toEqual(['second.example', '/hooks/second?a=1']);
  });

  it('the path that came, where its URL stands for many pages', async () => {
    const list = ['(request-target)', 'host', 'date', 'x-copernica-id'];
    const request = signedCall({ method: 'GET', target: '/pages/one?a=1', list, body: Buffer.alloc(0) });
    const pages = { id: endpoint.id, url: 'https://example.com/pages/' };
    for (const signedUrl of ['received', 'configured'] as const) {
      const verifier = createContentVerifier({ endpoints: [pages], keys, clock: () => now, signedUrl });
      expect(await verifier.verify(request)).toMatchObject({ identity: endpoint.id, endpoint: pages });
    }
  });
});

it('the parameters of the Signature header are none before it was read', () => {
  expect(new Call(settingsWith(), signedCall()).header).toEqual({});
});
