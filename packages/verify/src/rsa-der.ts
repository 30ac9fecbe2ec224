/** AlgorithmIdentifier of rsaEncryption with its NULL parameters (RFC 3279 section 2.3.1), in DER. */
const rsaEncryption = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;

/**
 * Gives the SubjectPublicKeyInfo of an RSA key. RFC 6376 section 3.6.1 asks for a bare RSAPublicKey (RFC 8017 appendix
 * A.1.1) in `p=`, while the whole world publishes SubjectPublicKeyInfo; both are taken. Bytes after the key's own
 * outer SEQUENCE are cut off, as every DKIM verifier does.
 *
 * @returns undefined when the bytes are neither.
 */
export function toRsaSpki(der: Uint8Array): Uint8Array | undefined {
  const outer = readHeader(der);
  if (outer === undefined || der[0] !== SEQUENCE || outer.end > der.length) return undefined;
  const key = der.subarray(0, outer.end);
  if (key[outer.start] === SEQUENCE) return key;
  if (key[outer.start] !== INTEGER) return undefined;
  const bits = encode(BIT_STRING, [Uint8Array.of(0), key]);
  return encode(SEQUENCE, [Uint8Array.from(rsaEncryption), bits]);
}

/** Where the content of the value at the very beginning starts and ends. Definite lengths of at most 3 octets. */
function readHeader(der: Uint8Array): { readonly start: number; readonly end: number } | undefined {
  const first = der[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: 2, end: 2 + first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 3) return undefined;
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (der[2 + i] ?? 0);
  return { start: 2 + octets, end: 2 + octets + length };
}

function encode(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // DER has a length in as few octets as it needs.
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const value = new Uint8Array(1 + octets.length + length);
  value[0] = tag;
  value.set(octets, 1);
  let at = 1 + octets.length;
  for (const part of parts) {
    value.set(part, at);
    at += part.length;
  }
  return value;
}
