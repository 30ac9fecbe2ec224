import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCapture, writeCapture } from './capture-file.js';
import { CaptureError } from './captured-call.js';
import { parseCaptured } from './read-captured.js';

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/);
const value = fc.stringMatching(/^[\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]{0,30}[\x21-\x7e\x80-\xff])?$/);
const target = fc.stringMatching(/^\/[\x21-\x7e\x80-\xff]{0,40}$/);
const call = fc.record({
  method: fc.constantFrom('POST', 'GET', 'post'),
  target,
  headers: fc
    .array(
      fc.tuple(
        token.filter((name) => !/^(content-length|transfer-encoding)$/i.test(name)),
        value,
      ),
      { maxLength: 8 },
    )
    .map((pairs) => pairs.flat()),
  body: fc.uint8Array({ maxLength: 200 }),
});

describe('what is read is what came', () => {
  it('a captured file gives back any call', () => {
    fc.assert(
      fc.property(call, fc.option(fc.boolean(), { nil: undefined }), (one, secure) => {
        const receivedAt = new Date(1_760_000_000_123);
        const text = writeCapture({ ...one, secure, receivedAt }, { line: 'event' }, true);
        const read = parseCaptured(Buffer.from(text));
        expect(read).toMatchObject({ ...one, body: Buffer.from(one.body), secure, receivedAt, notes: [] });
        expect(readCapture(JSON.parse(text))).toEqual(read);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('a raw message gives back any call, with its body counted or chunked', () => {
    fc.assert(
      fc.property(call, fc.constantFrom('length', 'chunked'), (one, framing) => {
        const lines = [...one.headers];
        const body = Buffer.from(one.body);
        lines.push(
          ...(framing === 'length' ? ['Content-Length', String(body.length)] : ['Transfer-Encoding', 'chunked']),
        );
        const head = lines.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${lines[i + 1]}\r\n`] : [])).join('');
        const middle = body.length >> 1;
        const chunk = (part: Buffer) =>
          part.length === 0 ? '' : `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`;
        const framed =
          framing === 'length'
            ? body.toString('latin1')
            : `${chunk(body.subarray(0, middle))}${chunk(body.subarray(middle))}0\r\n\r\n`;
        const bytes = Buffer.from(`${one.method} ${one.target} HTTP/1.1\r\n${head}\r\n${framed}`, 'latin1');
        expect(parseCaptured(bytes)).toMatchObject({
          method: one.method,
          target: one.target,
          headers: lines,
          body,
          notes: [],
        });
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe('whatever is given', () => {
  const told = (bytes: Buffer) => {
    try {
      parseCaptured(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(CaptureError);
    }
  };

  it('any bytes are read or refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => told(Buffer.from(bytes))),
      { seed: 3, numRuns: 500 },
    );
  });

  it('and so is any JSON, in the shapes of a capture and of a HAR file too', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const capture = fc.record({
      format: fc.constant('smtpeter-webhooks/captured-call@1'),
      method: json,
      target: json,
      headers: json,
      body: json,
    });
    const har = fc.record({
      log: fc.oneof(json, fc.record({ entries: fc.oneof(json, fc.array(fc.record({ request: json }))) })),
    });
    const entry = fc.record({
      request: fc.record({ url: fc.oneof(json, fc.webUrl()), headers: json, postData: json, method: json }),
    });
    fc.assert(
      fc.property(fc.oneof(json, capture, har, entry), (one) => told(Buffer.from(JSON.stringify(one)))),
      { seed: 4, numRuns: 1000 },
    );
  });
});
