import { DecodeError, MAX_FIELDS } from './decode-error.js';

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/** A mark's flags: what there is to know about a pair before its octets are read as text. */
export const NAME_NOT_ASCII = 1;
export const VALUE_NOT_ASCII = 2;
export const BAD_ESCAPE = 4;

/** Four numbers a pair: where its name begins, where its value does, where that ends, and flags. */
export type Marks = readonly number[];

/**
 * Takes the escapes out of a form body: `+` is a space and `%XX` an octet; a percent sign without two digits is itself.
 * Names and values are written one after the other.
 *
 * @param octets - at least as long as the body.
 * @throws DecodeError `too-many-fields`.
 */
export function unescapeForm(body: Uint8Array, octets: Uint8Array): Marks {
  const marks: number[] = [];
  const { length } = body;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const start = at;
    let valueStart = -1;
    let nameBits = 0;
    let bits = 0;
    let badEscape = 0;
    let code = body[i] as number;
    if (code === AMPERSAND) continue;
    do {
      if (code === EQUALS && valueStart === -1) {
        valueStart = at;
        nameBits = bits;
        bits = 0;
      } else {
        if (code === PERCENT) {
          const octet = escaped(body, i);
          if (octet === -1) {
            badEscape = BAD_ESCAPE;
          } else {
            code = octet;
            i += 2;
          }
        } else if (code === PLUS) {
          code = SPACE;
        }
        bits |= code;
        octets[at++] = code;
      }
      i++;
      code = body[i] as number;
    } while (i < length && code !== AMPERSAND);
    if (valueStart === -1) {
      valueStart = at;
      nameBits = bits;
      bits = 0;
    }
    const flags = badEscape | (nameBits & 0x80 ? NAME_NOT_ASCII : 0) | (bits & 0x80 ? VALUE_NOT_ASCII : 0);
    marks.push(start, valueStart, at, flags);
    if (marks.length > 4 * MAX_FIELDS) throw new DecodeError('too-many-fields', `more than ${MAX_FIELDS} fields`);
  }
  return marks;
}

/** The octet that is escaped here; -1 when there are not two digits. */
function escaped(body: Uint8Array, at: number): number {
  const high = hexDigit(body[at + 1]);
  const low = hexDigit(body[at + 2]);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
