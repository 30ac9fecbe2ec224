const buffer = globalThis.Buffer as typeof Buffer | undefined;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Room for octets, of the kind that is fastest to read texts from. */
export function createOctets(length: number): Uint8Array {
  return buffer === undefined ? new Uint8Array(length) : buffer.alloc(length);
}

/** The text of some bytes in UTF-8; undefined when they are not. A byte order mark is a character like any other. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string | undefined {
  if (buffer !== undefined) {
    // Many times faster; it writes U+FFFD for what is not UTF-8, so only a text without one is sure to be right.
    const octets = asBuffer(bytes, buffer);
    const text = start === 0 && end === octets.length ? octets.toString() : octets.toString('utf8', start, end);
    if (!text.includes('\ufffd')) return text;
    // Or one that gives the same bytes again: then U+FFFD was sent.
    return buffer.from(text).equals(octets.subarray(start, end)) ? text : undefined;
  }
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** One character an octet. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (buffer !== undefined) return asBuffer(bytes, buffer).toString('latin1', start, end);
  let text = '';
  for (let i = start; i < end; i += 8192) text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 8192, end)));
  return text;
}

/** The same text in memory of its own: a slice would keep all of what it was cut from. */
export function copyText(text: string): string {
  return decodeUtf8(new TextEncoder().encode(text)) ?? text;
}

/** One octet a character; undefined when there are characters that none stands for. */
export function encodeLatin1(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

export function encodeBase64(bytes: Uint8Array): string {
  if (buffer !== undefined) return asBuffer(bytes, buffer).toString('base64');
  return btoa(decodeLatin1(bytes));
}

/** @throws TypeError or DOMException when it is not base64. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function asBuffer(bytes: Uint8Array, type: typeof Buffer): Buffer {
  return bytes instanceof type ? bytes : type.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
