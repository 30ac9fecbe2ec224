import * as plain from './octets-plain.js';

type Octets = Omit<typeof plain, 'isBase64Of'>;

/** Node's own octets, where the runtime has them: many times faster. */
const octets: Octets = globalThis.Buffer === undefined ? plain : octetsOfNode(globalThis.Buffer);

/**
 * Decodes base64 as RFC 4648 section 4 has it, strictly: padded, no foreign characters, no line breaks, padding bits
 * zero. Two texts never decode to the same bytes, so a value cannot be re-spelled.
 *
 * @returns the bytes, or undefined when the text is anything else.
 */
export const decodeBase64: Octets['decodeBase64'] = octets.decodeBase64;

/** Encodes as RFC 4648 section 4: the standard alphabet, padded. */
export const encodeBase64: Octets['encodeBase64'] = octets.encodeBase64;

/** Lower-case hexadecimal, two digits a byte. */
export const encodeHex: Octets['encodeHex'] = octets.encodeHex;

/** One octet a character: how HTTP header text becomes bytes. Characters above U+00FF must have been refused before. */
export const latin1Bytes: Octets['latin1Bytes'] = octets.latin1Bytes;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The six bits of each character by its code; 0xff for what is none of the alphabet. */
const sixBits = Uint8Array.from({ length: 256 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));

/**
 * True when a text is, from `start` to its end, what {@link decodeBase64} takes and makes so many octets of: for
 * whoever needs no octets, and compares texts.
 */
export function isBase64Of(octets: number, text: string, start: number): boolean {
  const characters = Math.ceil((octets * 4) / 3);
  const end = start + characters;
  const padding = (3 - (octets % 3)) % 3;
  if (text.length !== end + padding) return false;
  let last = 0;
  for (let i = start; i < end; i++) {
    last = sixBits[text.charCodeAt(i)] ?? 0xff;
    if (last > 63) return false;
  }
  for (let i = end; i < text.length; i++) if (text.charCodeAt(i) !== 0x3d) return false;
  // The bits of the last character that belong to no octet are zero.
  return (last & ((1 << (2 * padding)) - 1)) === 0;
}

function octetsOfNode(buffer: typeof Buffer): Octets {
  const asBuffer = (bytes: Uint8Array) =>
    buffer.isBuffer(bytes) ? bytes : buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    decodeBase64(text) {
      // Both decoders forgive almost anything; encoding again and comparing accepts the canonical spelling alone.
      const bytes = buffer.from(text, 'base64');
      return bytes.toString('base64') === text ? bytes : undefined;
    },
    encodeBase64: (bytes) => asBuffer(bytes).toString('base64'),
    encodeHex: (bytes) => asBuffer(bytes).toString('hex'),
    latin1Bytes: (text) => buffer.from(text, 'latin1'),
  };
}
