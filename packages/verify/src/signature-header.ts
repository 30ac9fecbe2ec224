/** The parameters of a Signature header (draft-cavage-http-signatures-10 section 2.1), as text; nothing is judged here. */
export interface SignatureHeader {
  readonly keyId: string | undefined;
  readonly algorithm: string | undefined;
  readonly headers: string | undefined;
  readonly signature: string | undefined;
  readonly created: string | undefined;
  readonly expires: string | undefined;
}

/** Why a header cannot be read. */
export interface SignatureHeaderProblem {
  readonly problem: string;
  /** Offset in the text, from 0. */
  readonly at: number;
}

/** Longer than the longest genuine one: an RSA key of 8192 bits signs in 1,368 characters. */
export const MAX_SIGNATURE_HEADER = 8192;
const MAX_PARAMETERS = 16;

const known = ['keyid', 'algorithm', 'headers', 'signature', 'created', 'expires'];
const SIGNATURE = known.indexOf('signature');

/** A Signature header, and where in its text the signature is. */
export interface LocatedSignatureHeader {
  readonly header: SignatureHeader;
  /** The offset of the signature's first character; 0 when there is no signature. */
  readonly signatureAt: number;
}

/**
 * Reads `name="value"` and `name=token` parameters separated by commas and/or white space, in one pass without
 * looking back. Names match whole and in any case; one that comes twice makes the header unreadable, since two readers
 * could take different ones. Parameters that are not known are read over.
 */
export function parseSignatureHeader(text: string): SignatureHeader | SignatureHeaderProblem {
  const read = readSignatureHeader(text);
  return 'problem' in read ? read : read.header;
}

/** The same, for whoever must know where the signature is. */
export function readSignatureHeader(text: string): LocatedSignatureHeader | SignatureHeaderProblem {
  if (text.length > MAX_SIGNATURE_HEADER) return { problem: `longer than ${MAX_SIGNATURE_HEADER} characters`, at: 0 };
  const values: string[] = [];
  const names: string[] = [];
  let signatureAt = 0;
  const hasEscapes = text.includes('\\');
  let at = skipSeparators(text, 0);
  while (at < text.length) {
    const nameEnd = skipToken(text, at);
    if (nameEnd === at) return { problem: 'a parameter name was expected', at };
    const name = text.slice(at, nameEnd).toLowerCase();
    if (names.includes(name)) return { problem: `the parameter ${shown(name)} came twice`, at };
    if (names.push(name) > MAX_PARAMETERS) return { problem: `more than ${MAX_PARAMETERS} parameters`, at };
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== EQUALS) return { problem: `an equals sign was expected after ${shown(name)}`, at };
    at = skipSpace(text, at + 1);
    const start = at;
    const quoted = text.charCodeAt(at) === QUOTE;
    const end = quoted ? quotedEnd(text, at, hasEscapes) : skipToken(text, at);
    if (end === -1) return { problem: `the quoted value of ${shown(name)} does not end`, at };
    if (end === start) return { problem: `a value was expected for ${shown(name)}`, at };
    const position = known.indexOf(name);
    if (position >= 0) {
      const value = quoted ? text.slice(start + 1, end - 1) : text.slice(start, end);
      // No known value needs an escape, and one reader's escape is another's character.
      if (hasEscapes && value.includes('\\')) return { problem: `the value of ${name} holds a backslash`, at };
      values[position] = value;
      if (position === SIGNATURE) signatureAt = quoted ? start + 1 : start;
    }
    at = skipSeparators(text, end);
    if (at === end && at < text.length) return { problem: 'a comma or white space was expected', at };
  }
  const [keyId, algorithm, headers, signature, created, expires] = values;
  return { header: { keyId, algorithm, headers, signature, created, expires }, signatureAt };
}

/** What is no known name may be a piece of a signature, which belongs in no log. */
function shown(name: string): string {
  return known.includes(name) ? name : 'that is not known';
}

const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === COMMA || isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** tchar of RFC 9110 section 5.6.2, without the characters that no parameter name or number has. */
function skipToken(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const digit = code >= 0x30 && code <= 0x39;
    if (!letter && !digit && code !== 0x2d && code !== 0x2e && code !== 0x5f) return at;
    at++;
  }
}

/** The offset behind the closing quote; -1 when there is none. */
function quotedEnd(text: string, from: number, hasEscapes: boolean): number {
  if (!hasEscapes) {
    const close = text.indexOf('"', from + 1);
    return close === -1 ? -1 : close + 1;
  }
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return -1;
}
