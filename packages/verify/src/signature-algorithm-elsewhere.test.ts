import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';

/** What another runtime makes of this: there is no node:crypto to be had while the module is loaded. */
async function elsewhere(): Promise<typeof import('./signature-algorithm.js')> {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = ((name: string) =>
    name === 'node:crypto' ? undefined : getBuiltinModule(name)) as typeof getBuiltinModule;
  try {
    return await import('./signature-algorithm.js');
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
}

const { hashText, importDkimKey, verifySignature } = await elsewhere();
const data = Buffer.from('a signing string');

describe('where there is no node:crypto', () => {
  it.each(['sha-256', 'sha-512'] as const)('%s is that of WebCrypto', async (name) => {
    for (const encoding of ['base64', 'hex'] as const) {
      const expected = createHash(name.replace('-', '')).update(data).digest(encoding);
      const hash = hashText(name, data, encoding);
      expect(hash).toBeInstanceOf(Promise);
      expect(await hash).toBe(expected);
    }
  });

  it.each(['rsa', 'ed25519'] as const)('a key of the type %s is one of WebCrypto', async (type) => {
    const { publicKey, privateKey } =
      type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 1024 }) : generateKeyPairSync('ed25519');
    const key = await importDkimKey(type, publicKey.export({ type: 'spki', format: 'der' }));
    expect(key).toMatchObject({ type, material: { engine: 'webcrypto' } });
    const signature = sign(type === 'rsa' ? 'sha256' : null, data, privateKey);
    expect(await verifySignature(key, data, signature)).toBe(true);
    expect(await verifySignature(key, Buffer.from('another'), signature)).toBe(false);
  });

  it('an Ed25519 key is one of tweetnacl where WebCrypto does not know the name', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    Object.defineProperty(crypto.subtle, 'importKey', {
      value: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
      configurable: true,
    });
    try {
      const key = await importDkimKey('ed25519', publicKey.export({ type: 'spki', format: 'der' }));
      expect(key).toMatchObject({ type: 'ed25519', material: { engine: 'tweetnacl' } });
      expect(await verifySignature(key, data, sign(null, data, privateKey))).toBe(true);
      expect(await verifySignature(key, Buffer.from('another'), sign(null, data, privateKey))).toBe(false);
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'importKey');
    }
  });
});
