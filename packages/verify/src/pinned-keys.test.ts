import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type PublicJwkSet, pinnedKeys } from './pinned-keys.js';

const jwk = (bits = 2048) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
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
    expect(await source.find(name)).toMatchObject({ outcome: 'refused', code: 'ERR_KEY_UNUSABLE' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no keys', { keys: [] }],
    ['something that is no key', { keys: ['PEM'] }],
    [
      'a private key',
      { keys: [generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })] },
    ],
    ['a secret', { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }],
    ['a kid that is no name', { keys: [{ ...jwk(1024), kid: 'not a name' }] }],
  ])('are not made of %s', (_, jwks) => {
    expect(() => pinnedKeys(jwks as PublicJwkSet)).toThrow(TypeError);
  });
});
