/* What text.ts does, with what every runtime has; for a Worker in its place. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function createOctets(length: number): Uint8Array {
  return new Uint8Array(length);
}

export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string | undefined {
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i += 8192) text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 8192, end)));
  return text;
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(decodeLatin1(bytes));
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

/** @throws TypeError or DOMException when it is not base64. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
