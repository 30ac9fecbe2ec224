import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';
import { endpoint, importPublic, keyId, keyPair, now, signedCall, sourceWith } from './signed-call.testing.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);

describe('a verifier of which nothing but the endpoints is said', () => {
  it('goes by the URL that came, five minutes in each direction, the clock, and keys below copernica.com', () => {
    const settings = readSettings({ endpoints: [endpoint] });
    expect(settings).toMatchObject({
      signedUrl: 'received',
      past: 300_000,
      future: 300_000,
      pages: false,
      clock: Date.now,
      keyZone: 'copernica.com',
    });
    settings.keys.close?.();
  });

  it('has keys and a memory of its own', async () => {
    const { keys: own, replay } = readSettings({ endpoints: [endpoint] });
    expect(replay.claim(new Uint8Array(16), Date.now())).toMatchObject({ state: 'claimed' });
    own.close?.();
    expect(typeof own.find).toBe('function');
  });
});

describe('settings', () => {
  it('are taken as they are given', () => {
    const replay = { claim: () => ({ state: 'repeat' as const }) };
    const clock = () => now;
    const toleranceSeconds = { past: 60, future: 5 };
    const options = { endpoints: [endpoint], keys, replay, clock, keyZone: 'keys.example', toleranceSeconds };
    const settings = readSettings({ ...options, signedUrl: 'configured' });
    expect(settings).toMatchObject({ past: 60_000, future: 5000, signedUrl: 'configured', keyZone: 'keys.example' });
    expect([settings.keys, settings.replay, settings.clock]).toEqual([keys, replay, clock]);
  });

  it('take a JWK set for pinned keys', async () => {
    const jwk = { ...keyPair.publicKey.export({ format: 'jwk' }), kid: keyId };
    const verifier = createVerifier({ endpoints: [endpoint], keys: { keys: [jwk as never] }, clock: () => now });
    const { thumbprint } = await importPublic(keyPair.publicKey);
    await expect(verifier.verify(signedCall())).resolves.toMatchObject({ keyThumbprint: thumbprint });
  });

  it('make a memory that knows calls by the same clock, for as long as the tolerance lets them in', async () => {
    const time = { now: Date.UTC(2001, 0, 1) };
    const options = { endpoints: [endpoint], keys, clock: () => time.now, toleranceSeconds: 7200 };
    const verifier = createVerifier(options);
    const dated = (text: string) => {
      const { headers } = signedCall();
      const pairs = Array.from({ length: headers.length / 2 - 1 }, (_, i) => headers.slice(2 * i, 2 * i + 2));
      return signedCall({
        headers: pairs.map(([name = '', value = '']): [string, string] => [name, name === 'Date' ? text : value]),
      });
    };
    const first = dated(new Date(time.now).toUTCString());
    await verifier.verify(first);
    time.now += 3_600_000;
    await verifier.verify(dated(new Date(time.now).toUTCString()));
    await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_REPLAYED' });
  });

  it.each<[string, object, string]>([
    ['signedUrl', { signedUrl: 'both' }, "signedUrl: give 'received' or 'configured'."],
    ['keyZone', { keyZone: '*.copernica.com' }, 'keyZone: give a host name in lower case, without a trailing dot.'],
    ['keyZone', { keyZone: 'copernica.com.' }, 'keyZone: give a host name in lower case, without a trailing dot.'],
    [
      'toleranceSeconds',
      { toleranceSeconds: 0 },
      'toleranceSeconds: give seconds above 0, or { past, future }, past above 0 and future at least 0.',
    ],
    ['keys', { keys: { keys: [] } }, 'pinnedKeys: give a JWK set, { keys: [{ kty, …, kid }] }, of public keys.'],
  ])('that are wrong are named: %s', (_, change, message) => {
    const options = { endpoints: [endpoint], keys, ...change } as VerifierOptions;
    expect(() => readSettings(options)).toThrow(new TypeError(message));
  });
});
