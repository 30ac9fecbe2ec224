import * as plain from './text-plain.js';

export { copyText, decodeBase64, encodeLatin1 } from './text-plain.js';

/** Node's own octets, where the runtime has them: many times faster. */
const buffer = globalThis.Buffer as typeof Buffer | undefined;

/** Room for octets, of the kind that is fastest to read texts from. */
export function createOctets(length: number): Uint8Array {
  return buffer === undefined ? plain.createOctets(length) : buffer.alloc(length);
}

/** The text of some bytes in UTF-8; undefined when they are not. A byte order mark is a character like any other. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string | undefined {
  if (buffer === undefined) return plain.decodeUtf8(bytes, start, end);
  // It writes U+FFFD for what is not UTF-8, so only a text without one is sure to be right.
  const octets = asBuffer(bytes, buffer);
  const text = start === 0 && end === octets.length ? octets.toString() : octets.toString('utf8', start, end);
  if (!text.includes('\ufffd')) return text;
  // Or one that gives the same bytes again: then U+FFFD was sent.
  return buffer.from(text).equals(octets.subarray(start, end)) ? text : undefined;
}

/** One character an octet. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (buffer === undefined) return plain.decodeLatin1(bytes, start, end);
  return asBuffer(bytes, buffer).toString('latin1', start, end);
}

export function encodeBase64(bytes: Uint8Array): string {
  return buffer === undefined ? plain.encodeBase64(bytes) : asBuffer(bytes, buffer).toString('base64');
}

function asBuffer(bytes: Uint8Array, type: typeof Buffer): Buffer {
  return bytes instanceof type ? bytes : type.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
