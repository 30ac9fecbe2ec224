import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SignatureFrame } from './signature-frame.js';
import { parseSignatureHeader, readSignatureHeader } from './signature-header.js';

const signature = Buffer.alloc(48, 'a').toString('base64');
const other = Buffer.alloc(48, 'b').toString('base64');
const text = `keyId="k.copernica.com",algorithm="rsa-sha256",headers="date host",signature="${signature}",x="y"`;

function frameOf(header: string): SignatureFrame {
  const read = readSignatureHeader(header);
  if ('problem' in read) throw new Error(read.problem);
  return new SignatureFrame(header, read);
}

describe('a header is known by the one before it', () => {
  it('when only its signature is another', () => {
    const found = frameOf(text).signatureIn(text.replace(signature, other)) ?? [];
    expect(Buffer.from(found).toString('base64')).toBe(other);
    expect(frameOf(text).parameters).toEqual({
      keyId: 'k.copernica.com',
      algorithm: 'rsa-sha256',
      headers: 'date host',
    });
  });

  it.each([
    ['another value', text.replace('date', 'Date')],
    ['another parameter behind it', text.replace('x="y"', 'x="z"')],
    ['a longer signature', text.replace(signature, `${other}AAAA`)],
    ['a quote in the signature', text.replace(signature, `"${other.slice(1)}`)],
    ['a parameter in the signature', text.replace(signature, `${other.slice(0, 10)}",keyId="${other.slice(19)}`)],
    ['white space in the signature', text.replace(signature, ` ${other.slice(1)}`)],
    ['the other alphabet', text.replace(signature, `-${other.slice(1)}`)],
    ['padding bits that are not zero', text.replace(signature, `${other.slice(0, -4)}QR==`)],
  ])('not with %s', (_, changed) => {
    expect(changed).not.toBe(text);
    expect(frameOf(text).signatureIn(changed)).toBeUndefined();
  });

  it('not when its signature came wrapped, or without quotes', () => {
    const wrapped = text.replace(signature, `${signature.slice(0, 20)}\n ${signature.slice(20)}`);
    expect(frameOf(wrapped).signatureIn(wrapped)).toBeUndefined();
    expect(frameOf('keyId="k",signature=AAAA').signatureIn('keyId="k",signature=A/+A')).toBeUndefined();
  });

  it('not when it has no signature at all', () => {
    const header = 'keyId="k",algorithm="rsa-sha256"';
    expect(frameOf(header).parameters).toEqual({ keyId: 'k', algorithm: 'rsa-sha256' });
    for (const one of [header, ',']) expect(frameOf(one).signatureIn(one)).toBeUndefined();
  });

  it('with the list that it covers, once that has passed its check', () => {
    const frame = frameOf(text);
    expect([frame.list, frame.lineStarts]).toEqual([undefined, undefined]);
    const list = { names: ['date', 'host'], missing: [], repeated: undefined };
    frame.keepList(list);
    expect(frame.list).toBe(list);
    expect(frame.lineStarts).toEqual(['date: ', '\nhost: ']);
  });

  it('and then says what a reader of the whole header would, the signature in two places or not', () => {
    const values = [signature, other, 'date host', 'k.copernica.com', '', ',signature=', '\\"', other.slice(4)];
    const parameter = fc
      .tuple(fc.constantFrom('keyId', 'algorithm', 'headers', 'x', 'y'), fc.constantFrom(...values), fc.boolean())
      .map(([name, value, quoted]) => (quoted ? `${name}="${value}"` : `${name}=${value}`));
    const around = fc.array(parameter, { maxLength: 4 });
    const change = fc.array(fc.tuple(fc.nat(), fc.constantFrom('"', '\\', ',', '=', 'A', '/', ' ')), { maxLength: 2 });
    let known = 0;
    fc.assert(
      fc.property(around, around, fc.constantFrom(signature, other), change, (before, after, second, changes) => {
        const make = (one: string) => [...before, `signature="${one}"`, ...after].join(',');
        const first = readSignatureHeader(make(signature));
        if ('problem' in first) return;
        let next = make(second);
        for (const [at, character] of changes) {
          next = next.slice(0, at % next.length) + character + next.slice((at % next.length) + 1);
        }
        const frame = new SignatureFrame(make(signature), first);
        const octets = frame.signatureIn(next);
        if (octets === undefined) return;
        known++;
        const whole = parseSignatureHeader(next);
        expect(whole).toEqual({ ...frame.parameters, signature: Buffer.from(octets).toString('base64') });
      }),
      { seed: 20261124, numRuns: 10_000 },
    );
    expect(known).toBeGreaterThan(500);
  });
});
