import { DecodeError, MAX_DEPTH } from './problem.js';
import { createRaw, type RawValue } from './raw.js';

/**
 * Reads JSON (RFC 8259) without losing a digit: a number that a double cannot hold comes as its text. It also notices
 * keys that come twice. Slower than `JSON.parse`, and used only where that could lose something.
 *
 * @throws DecodeError `invalid-json` or `too-deep`.
 */
export function readJson(text: string): { readonly value: RawValue; readonly duplicates: readonly string[] } {
  const reader = new Reader(text);
  return { value: reader.document(), duplicates: reader.duplicates };
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\r\n]*/y;
const literals: ReadonlyMap<string, RawValue> = new Map<string, RawValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Reader {
  readonly duplicates: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): RawValue {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at !== this.#text.length) throw this.#invalid();
    return value;
  }

  #value(depth: number): RawValue {
    if (depth > MAX_DEPTH) throw new DecodeError('too-deep', `nested more than ${MAX_DEPTH} deep`);
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#list(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): RawValue {
    const object = createRaw();
    this.#at++;
    if (this.#take('}')) return object;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#invalid();
      const key = this.#string();
      if (!this.#take(':')) throw this.#invalid();
      if (key in object) this.duplicates.push(key);
      object[key] = this.#value(depth + 1);
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#invalid();
    return object;
  }

  #list(depth: number): RawValue {
    const list: RawValue[] = [];
    this.#at++;
    if (this.#take(']')) return list;
    do list.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#invalid();
    return list;
  }

  /** JSON.parse knows the escapes; here only the end must be found. */
  #string(): string {
    let end = this.#at + 1;
    for (;;) {
      const code = this.#text.charCodeAt(end);
      if (code === 0x22) break;
      if (Number.isNaN(code)) throw this.#invalid();
      end += code === 0x5c ? 2 : 1;
    }
    const token = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    try {
      return JSON.parse(token) as string;
    } catch {
      throw this.#invalid();
    }
  }

  #number(): RawValue {
    number.lastIndex = this.#at;
    const token = number.exec(this.#text)?.[0];
    if (token === undefined) throw this.#invalid();
    this.#at += token.length;
    const value = Number(token);
    return isExact(token, value) ? value : token;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #invalid(): DecodeError {
    return new DecodeError('invalid-json', `not JSON at offset ${this.#at}`);
  }
}

/** True when the double says all that the text says: the same digits at the same places. */
function isExact(token: string, value: number): boolean {
  return Number.isFinite(value) && digits(token) === digits(String(value));
}

/** Sign, digits without zeros at the ends, and the power of ten: one spelling of a decimal number. */
function digits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = `${whole}${fraction}`;
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  let start = 0;
  while (start < end && all[start] === '0') start++;
  if (start === end) return '0';
  return `${sign}${all.slice(start, end)}e${Number(exponent) - fraction.length + all.length - end}`;
}
