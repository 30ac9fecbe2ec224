import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';

const { getBuiltinModule } = process;
Object.assign(process, { getBuiltinModule: undefined });
const absent = await import('./node-crypto.js').finally(() => Object.assign(process, { getBuiltinModule }));

it("a runtime without Node's own cryptography leaves the work to WebCrypto", async () => {
  const jwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
  expect(absent.hashesAtOnce).toBe(false);
  expect(absent.nodeKeyOf(key)).toBeUndefined();
  expect(absent.nodeKeyOfJwk(jwk)).toBeUndefined();
  const nodeKey = createPublicKey({ key: jwk, format: 'jwk' });
  expect(absent.verifyAtOnce('rsa', Buffer.alloc(1), nodeKey, Buffer.alloc(128))).toBeUndefined();
  expect(absent.hashAtOnce('sha-256', Buffer.from('abc'), 'hex')).toBeUndefined();
});
