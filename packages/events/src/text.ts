const buffer = globalThis.Buffer as typeof Buffer | undefined;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of some bytes in UTF-8; undefined when they are not. A byte order mark is left off. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    return strict.decode(start === 0 ? bytes : bytes.subarray(start));
  } catch {
    return undefined;
  }
}

/** One character an octet. */
export function decodeLatin1(bytes: Uint8Array): string {
  if (buffer !== undefined) return buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

export function encodeBase64(bytes: Uint8Array): string {
  if (buffer !== undefined) return buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return btoa(decodeLatin1(bytes));
}

/** @throws TypeError or DOMException when it is not base64. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
