import { describe, expect, it } from 'vitest';

const { Buffer: ofNode } = globalThis;
Object.assign(globalThis, { Buffer: undefined });
const { decodeBase64, encodeBase64, encodeHex, latin1Bytes } = await import('./octets.js');
Object.assign(globalThis, { Buffer: ofNode });

describe('without the octets of Node', () => {
  it('base64 is written and read', () => {
    expect(encodeBase64(Uint8Array.of(0, 255, 16, 1))).toBe('AP8QAQ==');
    expect(decodeBase64('AP8QAQ==')).toEqual(Uint8Array.of(0, 255, 16, 1));
    expect(decodeBase64('AP8QAR==')).toBeUndefined();
  });

  it('octets are written in hexadecimal digits', () => {
    expect(encodeHex(Uint8Array.of(0, 255, 16, 1))).toBe('00ff1001');
  });

  it('texts are octets', () => {
    expect(latin1Bytes('a\u00ff\0')).toEqual(Uint8Array.of(0x61, 255, 0));
  });
});
