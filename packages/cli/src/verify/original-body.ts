import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { encodeForm, encodeJson } from '@smtpeter-webhooks/sender';
import { jsonSpellings } from './json-spellings.js';

/** How the body was changed on its way. */
export type BodyChange =
  | 'json-rewritten'
  | 'form-rewritten'
  | 'format-changed'
  | 'line-ends'
  | 'byte-order-mark'
  | 'compressed'
  | 'character-set'
  | 'end-trimmed'
  | 'cut';

/** The body as it was signed, found again. */
export interface OriginalBody {
  readonly body: Buffer;
  readonly change: BodyChange;
}

const MAX_UNPACKED = 64 * 1024 * 1024;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Undoes, one after the other, what usually happens to bodies on their way, until one has the digest that was signed.
 *
 * @param hex - SHA-256 or SHA-512 of the original, lower-case hexadecimal.
 */
export function findOriginalBody(body: Buffer, algorithm: 'sha256' | 'sha512', hex: string): OriginalBody | undefined {
  const fits = (one: Buffer) => createHash(algorithm).update(one).digest('hex') === hex;
  for (const { change, body: candidate } of candidates(body)) {
    if (fits(candidate)) return { change, body: candidate };
  }
  return undefined;
}

function* candidates(body: Buffer): Generator<OriginalBody> {
  for (const unpack of [gunzipSync, inflateSync, brotliDecompressSync]) {
    try {
      yield { change: 'compressed', body: unpack(body, { maxOutputLength: MAX_UNPACKED }) };
    } catch {
      // Not packed so.
    }
  }
  if (body.subarray(0, 3).equals(bom)) yield { change: 'byte-order-mark', body: body.subarray(3) };
  yield { change: 'byte-order-mark', body: Buffer.concat([bom, body]) };
  // As octets, so that nothing else changes.
  const text = body.toString('latin1');
  const withoutCr = text.replaceAll('\r\n', '\n');
  yield { change: 'line-ends', body: Buffer.from(withoutCr, 'latin1') };
  yield { change: 'line-ends', body: Buffer.from(withoutCr.replaceAll('\n', '\r\n'), 'latin1') };
  const trimmed = text.trim();
  for (const end of ['', '\n', '\r\n', ' ']) {
    yield { change: 'end-trimmed', body: Buffer.from(trimmed + end, 'latin1') };
  }
  yield { change: 'character-set', body: Buffer.from(body.toString('utf8'), 'latin1') };
  yield { change: 'character-set', body: Buffer.from(text, 'utf8') };
  yield* structures(body);
}

/** Bodies whose meaning is this one's. */
function* structures(body: Buffer): Generator<OriginalBody> {
  const text = body.toString('utf8').replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const pairs = [...new URLSearchParams(text)];
    for (const one of formSpellings(pairs)) yield { change: 'form-rewritten', body: Buffer.from(one) };
    const flat = Object.fromEntries(pairs);
    yield { change: 'format-changed', body: Buffer.from(encodeJson(flat)) };
    return;
  }
  for (const one of jsonSpellings(value, text)) {
    for (const end of ['', '\n', '\r\n']) yield { change: 'json-rewritten', body: Buffer.from(one + end) };
  }
  if (typeof value === 'object' && value !== null) {
    yield { change: 'format-changed', body: Buffer.from(encodeForm(value as Parameters<typeof encodeForm>[0])) };
  }
}

/** The ways in which libraries write a form. */
function* formSpellings(pairs: readonly [string, string][]): Generator<string> {
  const phpLike = (part: string) =>
    encodeURIComponent(part).replace(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const spellings: ((part: string) => string)[] = [
    (part) => phpLike(part).replaceAll('%20', '+'),
    phpLike,
    encodeURIComponent,
    (part) => encodeURIComponent(part).replaceAll('%20', '+'),
    (part) => new URLSearchParams([[part, '']]).toString().slice(0, -1),
    (part) => phpLike(part).replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('%20', '+'),
    (part) => phpLike(part).replaceAll('%20', '+').toLowerCase(),
  ];
  const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const list of [pairs, sorted]) {
    for (const spell of spellings) {
      yield list.map(([name, value]) => `${spell(name)}=${spell(value)}`).join('&');
      const rawBrackets = (name: string) => spell(name).replaceAll('%5B', '[').replaceAll('%5D', ']');
      yield list.map(([name, value]) => `${rawBrackets(name)}=${spell(value)}`).join('&');
    }
  }
}
