import { decodeBase64, encodeBase64 } from '#octets';

/* Base64 as JSON Web Keys have it: RFC 4648 section 5, without padding. */

/** The bytes, or undefined when the text is anything else. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return decodeBase64(padded.replaceAll('-', '+').replaceAll('_', '/'));
}

export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
