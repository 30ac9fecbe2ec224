const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
/** So many digits a double always holds. */
const SAFE_DIGITS = 15;
/** Short strings are looked through here; the end of long ones is faster found by indexOf. */
const SHORT = 64;

/** What `JSON.parse` does not tell of some JSON in UTF-8 (or Latin-1). */
export interface JsonScan {
  /** How many keys are written down, equal ones too. */
  readonly keys: number;
  /** True when no number can lose a digit or its sign: none has an exponent, more than 15 digits, or is `-0`. */
  readonly exact: boolean;
}

/** Looks through JSON for keys and numbers. Of bytes that are no JSON it tells something, at no risk. */
export function scanJson(bytes: Uint8Array): JsonScan {
  let keys = 0;
  let exact = true;
  const { length } = bytes;
  for (let i = 0; i < length; i++) {
    const code = bytes[i] as number;
    if (code === QUOTE) {
      i = endOfString(bytes, i);
    } else if (code === COLON) {
      keys++;
    } else if (code <= 0x39 && code >= MINUS) {
      const start = i;
      let next = code;
      while (isDigit(next) || next === DOT || next === MINUS) next = bytes[++i] ?? 0;
      if (i - start > SAFE_DIGITS || (next | 0x20) === 0x65) exact = false;
      if (code === MINUS && bytes[start + 1] === ZERO) exact = false;
      i--;
    }
  }
  return { keys, exact };
}

/** The position of the quote at the end of the string that begins here; the last one when it has no end. */
function endOfString(bytes: Uint8Array, start: number): number {
  let i = start + 1;
  for (const end = i + SHORT; i < end; i++) {
    const code = bytes[i];
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  // Escapes are not followed any more: a quote is escaped when an odd number of backslashes stands before it.
  for (;;) {
    const quote = bytes.indexOf(QUOTE, i);
    if (quote === -1) return bytes.length;
    let before = quote - 1;
    while (before >= start && bytes[before] === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote;
    i = quote + 1;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
