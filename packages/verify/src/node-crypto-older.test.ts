import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';

const { getBuiltinModule } = process;
const older = (name: string) => ({ ...getBuiltinModule(name), hash: undefined });
Object.assign(process, { getBuiltinModule: older });
const { hashAtOnce } = await import('./node-crypto.js').finally(() => Object.assign(process, { getBuiltinModule }));

it('a runtime that cannot hash in one go hashes all the same', () => {
  const data = Buffer.from('abc');
  for (const encoding of ['hex', 'base64'] as const) {
    expect(hashAtOnce('sha-256', data, encoding)).toBe(createHash('sha256').update(data).digest(encoding));
    expect(hashAtOnce('sha-512', data, encoding)).toBe(createHash('sha512').update(data).digest(encoding));
  }
});
