import { DecodeError } from './decode-error.js';
import { createRaw, type RawValue } from './raw.js';

/** What a reader gives. */
export interface ReadJson {
  readonly value: RawValue;
  /** Keys that came more than once, as `outer[inner]`. */
  readonly duplicates: readonly string[];
}

/**
 * Reads JSON (RFC 8259) without losing a digit: a number that a double cannot hold comes as its text. It also notices
 * keys that come twice. Slower than `JSON.parse`, and used only where that could lose something.
 *
 * @throws DecodeError `invalid-json`, `too-deep` or `too-many-fields`.
 */
export function readJson(text: string, limits: { readonly depth: number; readonly fields: number }): ReadJson {
  const reader = new Reader(text, limits.depth, limits.fields);
  return { value: reader.document(), duplicates: reader.duplicates };
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\r\n]*/y;
const literals: ReadonlyMap<string, RawValue> = new Map<string, RawValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** Of so many duplicates the names are kept. */
const MAX_DUPLICATES = 100;

class Reader {
  readonly duplicates: string[] = [];
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxFields: number;
  #fields = 0;
  #at = 0;

  constructor(text: string, maxDepth: number, maxFields: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#maxFields = maxFields;
  }

  document(): RawValue {
    const value = this.#value(0, '');
    this.#skipSpace();
    if (this.#at !== this.#text.length) throw this.#invalid();
    return value;
  }

  #value(depth: number, path: string): RawValue {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      if (depth > this.#maxDepth) throw new DecodeError('too-deep', `nested more than ${this.#maxDepth} deep`);
      return first === '{' ? this.#object(depth, path) : this.#list(depth, path);
    }
    if (first === '"') return this.#string();
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number, path: string): RawValue {
    const object = createRaw();
    this.#at++;
    if (this.#take('}')) return object;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#invalid();
      const key = this.#string();
      if (!this.#take(':')) throw this.#invalid();
      const own = path === '' ? key : `${path}[${key}]`;
      if (key in object && this.duplicates.length < MAX_DUPLICATES) this.duplicates.push(own);
      this.#count();
      object[key] = this.#value(depth + 1, own.slice(0, MAX_DUPLICATES));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#invalid();
    return object;
  }

  #list(depth: number, path: string): RawValue {
    const list: RawValue[] = [];
    this.#at++;
    if (this.#take(']')) return list;
    do {
      this.#count();
      list.push(this.#value(depth + 1, `${path}[${list.length}]`.slice(0, MAX_DUPLICATES)));
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#invalid();
    return list;
  }

  #count(): void {
    if (++this.#fields > this.#maxFields)
      throw new DecodeError('too-many-fields', `more than ${this.#maxFields} fields`);
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

/**
 * True when the double says all that the text says: the same digits at the same places, and a whole number in the
 * digits that it was written in. `-0` is not: it would be written as `0`.
 */
function isExact(token: string, value: number): boolean {
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  return digits(token) === digits(String(value));
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
