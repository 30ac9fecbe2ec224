import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toRsaSpki } from './rsa-der.js';

const key = (bits: number) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return {
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    bare: publicKey.export({ type: 'pkcs1', format: 'der' }),
  };
};
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the SubjectPublicKeyInfo of an RSA key in DER', () => {
  // Content of less than 128, less than 256 and more octets. DER has a length in as few octets as it needs, and what
  // reads DER need not take another.
  it.each([512, 1024, 1888, 2048, 4096])('is made of a bare RSAPublicKey of %i bits as OpenSSL makes it', (bits) => {
    const { spki, bare } = key(bits);
    expect(toRsaSpki(bare)).toEqual(new Uint8Array(spki));
  });

  it.each([
    [127, '03 7f 00'],
    [128, '03 81 80 00'],
    [255, '03 81 ff 00'],
    [256, '03 82 01 00 00'],
  ])('writes a length of %i as %s', (length, expected) => {
    const header = hex(length < 130 ? '30 00' : '30 81 00');
    const bare = Buffer.concat([header, hex('02'), Buffer.alloc(length - 2 - header.length)]);
    bare[header.length - 1] = bare.length - header.length;
    const bits = toRsaSpki(bare)?.subarray(-bare.length - expected.split(' ').length);
    expect(bits).toEqual(new Uint8Array(Buffer.concat([hex(expected), bare])));
  });

  it('is taken as it is, without what stands behind it', () => {
    const { spki } = key(1024);
    expect(toRsaSpki(spki)).toEqual(spki);
    expect(toRsaSpki(Buffer.concat([spki, hex('00 30')]))).toEqual(spki);
  });

  it('is made of a bare key without what stands behind that', () => {
    const { spki, bare } = key(1024);
    expect(toRsaSpki(Buffer.concat([bare, hex('01 02')]))).toEqual(new Uint8Array(spki));
  });

  it('may have a length of three octets', () => {
    const large = Buffer.concat([hex('30 83 01 11 70'), hex('30 00'), Buffer.alloc(69_998)]);
    expect(large).toHaveLength(5 + 70_000);
    expect(toRsaSpki(large)).toEqual(large);
    expect(toRsaSpki(large.subarray(0, -1))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a tag and half a length', '30 82 01'],
    ['an empty SEQUENCE', '30 00'],
    ['a SEQUENCE that is cut', '30 03 30 00'],
    ['a SEQUENCE of something else', '30 02 04 00'],
    ['a SET', '31 02 30 00'],
    ['an INTEGER', '02 01 30'],
    ['a SEQUENCE of indefinite length', '30 80 30 00 00 00'],
    ['as many octets as would be there if 80 were a length', `30 80 30 00 ${'00'.repeat(200)}`],
    ['a length of four octets', '30 84 00 00 00 02 30 00'],
  ])('is not made of %s', (_, octets) => {
    expect(toRsaSpki(hex(octets))).toBeUndefined();
  });

  it('has a value whose length is 127 octets in a short length, and is read to its very end', () => {
    const short = Buffer.concat([hex('30 7f 30 00'), Buffer.alloc(125)]);
    expect(toRsaSpki(Buffer.concat([short, hex('ff')]))).toEqual(short);
    const long = Buffer.concat([hex('30 81 80 30 00'), Buffer.alloc(126)]);
    expect(toRsaSpki(Buffer.concat([long, hex('ff')]))).toEqual(long);
  });
});
