import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeysFound } from './key-source.js';
import { type PublicJwkSet, pinnedKeys } from './pinned-keys.js';

/** The public members alone: workerd exports the private ones too. */
function jwk(bits = 2048) {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { kty = '', n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { kty, n, e };
}
const name = 'one._domainkey.copernica.com';

describe('pinned keys', () => {
  it('are found by name in any case, and at once from the second time on', async () => {
    const source = pinnedKeys({
      keys: [
        { ...jwk(), kid: 'One._DomainKey.Copernica.com.' },
        { ...jwk(1024), kid: 'two.copernica.com' },
      ],
    });
    expect(await source.find(name)).toMatchObject({ outcome: 'found', keys: [{ bits: 2048 }] });
    expect(source.find(name)).not.toBeInstanceOf(Promise);
    expect(await source.find('two.copernica.com')).toMatchObject({ keys: [{ bits: 1024 }] });
    expect(await source.find('three.copernica.com')).toMatchObject({ outcome: 'refused', code: 'ERR_KEY_NOT_FOUND' });
  });

  it('without a name serve every name, beside those that have it', async () => {
    const source = pinnedKeys({ keys: [jwk(), { ...jwk(1024), kid: name }] });
    expect(await source.find(name)).toMatchObject({ keys: [{ bits: 2048 }, { bits: 1024 }] });
    expect(await source.find('other.copernica.com')).toMatchObject({ keys: [{ bits: 2048 }] });
  });

  it('that turn out not to be usable refuse calls', async () => {
    const source = pinnedKeys({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] });
    expect(await source.find(name)).toEqual({
      outcome: 'refused',
      code: 'ERR_KEY_UNUSABLE',
      detail: 'The RSA key has 17 bits; 1024 to 8192 are accepted.',
    });
  });

  it('are never asked for again: they are cached, and not stale', async () => {
    const source = pinnedKeys({ keys: [jwk(1024)] });
    expect(await source.find(name)).toMatchObject({ cached: true, stale: false });
    expect(source.refresh).toBeUndefined();
  });

  it('say so when a name has none', () => {
    const source = pinnedKeys({ keys: [{ ...jwk(1024), kid: name }] });
    expect(source.find('one._domainkey.copernica.co')).toEqual({
      outcome: 'refused',
      code: 'ERR_KEY_NOT_FOUND',
      detail: 'the name is not pinned',
    });
  });

  it('are four of one name and no more', async () => {
    const one = jwk(1024);
    const found = (await pinnedKeys({ keys: [one, one, one, one, one] }).find(name)) as KeysFound;
    expect(found.keys).toHaveLength(4);
  });

  it('are imported once for all names, of which 256 are remembered', async () => {
    const source = pinnedKeys({ keys: [jwk(1024)] });
    const names = Array.from({ length: 257 }, (_, i) => `x${i}.copernica.com`);
    const lookups = (await Promise.all(names.map((one) => source.find(one)))) as KeysFound[];
    expect(new Set(lookups.map((found) => found.keys[0])).size).toBe(1);
    expect(names.map((one) => source.find(one) instanceof Promise)).toEqual(names.map((_, i) => i === 256));
  });

  const set = 'pinnedKeys: give a JWK set, { keys: [{ kty, …, kid }] }, of public keys.';
  const secret = 'pinnedKeys: The JWK is private or secret: give the public key alone.';
  const kid = 'pinnedKeys: kid is the name of the key in DNS, like one._domainkey.copernica.com.';
  it.each<[string, unknown, string]>([
    ['nothing', undefined, set],
    ['null', null, set],
    ['a key that is in no set', jwk(1024), set],
    ['no keys', { keys: [] }, set],
    ['keys that are no list', { keys: { length: 1, every: () => true } }, set],
    ['something that is no key', { keys: [jwk(1024), 'PEM'] }, set],
    ['null in the place of a key', { keys: [null] }, set],
    [
      'a private key',
      { keys: [generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })] },
      secret,
    ],
    ['a secret', { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }, secret],
    ['a kid that is no name', { keys: [{ ...jwk(1024), kid: 'not a name' }] }, kid],
    ['a kid that is no text', { keys: [{ ...jwk(1024), kid: 1 }] }, kid],
    ['a kid with a dot too many', { keys: [{ ...jwk(1024), kid: `${name}..` }] }, kid],
  ])('are not made of %s', (_, jwks, message) => {
    expect(() => pinnedKeys(jwks as PublicJwkSet)).toThrow(new TypeError(message));
  });
});
