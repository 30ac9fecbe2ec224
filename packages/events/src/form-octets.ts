const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/** What was found while escapes were taken out. */
export const NOT_ASCII = 1;
export const BAD_ESCAPE = 2;

/** What each octet counts as a hexadecimal digit; -1 for others. */
const hexDigits = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  hexDigits[digit.toString(16).charCodeAt(0)] = digit;
  hexDigits[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Takes the escapes out of parts of one form body, and writes the octets one part after the other: `+` is a space and
 * `%XX` an octet; a percent sign without two digits is itself.
 */
export class Unescaper {
  /** Where the next octet is written. */
  at = 0;
  /** Where the part that was read last ended in the body. */
  end = 0;
  readonly #body: Uint8Array;
  readonly #octets: Uint8Array;

  /** @param octets - room for as many octets as the body has. */
  constructor(body: Uint8Array, octets: Uint8Array) {
    this.#body = body;
    this.#octets = octets;
  }

  /** Reads a name: up to `=`, `&` or the end. Gives flags. */
  name(from: number): number {
    return this.#part(from, EQUALS);
  }

  /** Reads a value: up to `&` or the end. Gives flags. */
  value(from: number): number {
    return this.#part(from, AMPERSAND);
  }

  #part(from: number, separator: number): number {
    const body = this.#body;
    const octets = this.#octets;
    const { length } = body;
    let { at } = this;
    let bits = 0;
    let badEscape = 0;
    let i = from;
    for (; i < length; i++) {
      let code = body[i] as number;
      if (code <= EQUALS) {
        if (code === AMPERSAND || code === separator) break;
        if (code === PLUS) {
          code = SPACE;
        } else if (code === PERCENT) {
          const octet = i + 2 < length ? escapedOctet(body[i + 1] as number, body[i + 2] as number) : -1;
          if (octet < 0) {
            badEscape = BAD_ESCAPE;
          } else {
            code = octet;
            i += 2;
          }
        }
      }
      bits |= code;
      octets[at++] = code;
    }
    this.at = at;
    this.end = i;
    return (bits & 0x80 ? NOT_ASCII : 0) | badEscape;
  }
}

/** Negative when one of the two is no digit. */
function escapedOctet(high: number, low: number): number {
  return ((hexDigits[high] as number) << 4) | (hexDigits[low] as number);
}
