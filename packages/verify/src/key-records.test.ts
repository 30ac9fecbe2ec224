import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readKeyRecords } from './key-records.js';

const rsa = (bits: number) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
};
const key = rsa(1024);
const other = 'v=spf1 -all';
const many = (count: number, text: string) => Array.from({ length: count }, () => text);

describe('the records at a name', () => {
  it('are keys, in their order, whatever stands beside them', async () => {
    const read = await readKeyRecords([other, 'v=DKIM1; p=', rsa(2048), 'v=DKIM1; k=x; p=AAAA', key]);
    expect(read).toMatchObject({ outcome: 'keys', keys: [{ bits: 2048 }, { bits: 1024 }] });
  });

  it('are looked at up to the sixteenth', async () => {
    expect(await readKeyRecords([...many(15, other), key])).toMatchObject({ outcome: 'keys' });
    expect(await readKeyRecords([...many(16, other), key])).toMatchObject({ code: 'ERR_KEY_NOT_FOUND' });
  });

  it('are four keys and no more', async () => {
    expect(await readKeyRecords([...many(2, key), other, ...many(4, key)])).toMatchObject({
      keys: many(4, '').map(() => ({ bits: 1024 })),
    });
  });

  it.each([
    ['none', [], 'ERR_KEY_NOT_FOUND', 'no DKIM record at the name'],
    ['of other kinds', [other, 'x'], 'ERR_KEY_NOT_FOUND', 'no DKIM record at the name'],
    ['a key that was revoked', [other, 'v=DKIM1; p='], 'ERR_KEY_REVOKED', 'p= is empty'],
    ['of another version', ['v=DKIM1; p=', 'v=DKIM2; p=AAAA'], 'ERR_KEY_UNUSABLE', 'v= is not DKIM1'],
    [
      'unusable for several reasons',
      ['v=DKIM1; p=AAAA', 'v=DKIM1; h=sha1; p=AAAA', other, rsa(512)],
      'ERR_KEY_UNUSABLE',
      'The data is not an RSA public key in DER.; h= does not include sha256; The RSA key has 512 bits; 1024 to 8192 are accepted.',
    ],
  ])('are refused when they are %s', async (_, records, code, detail) => {
    expect(await readKeyRecords(records)).toEqual({ outcome: 'refused', code, detail });
  });

  it('are refused in 500 characters and no more', async () => {
    const read = await readKeyRecords(many(16, 'v=DKIM1; p=AAAA'));
    const reason = 'The data is not an RSA public key in DER.';
    expect(read).toMatchObject({ detail: many(16, reason).join('; ').slice(0, 500) });
  });
});
