import { parseFieldName } from './field-name.js';
import { DecodeError, MAX_FIELDS, MAX_NAME, type Problem } from './problem.js';
import { createRaw, type RawObject, type RawValue } from './raw.js';
import { decodeLatin1, decodeUtf8 } from './text.js';

/**
 * Decodes a form body (`application/x-www-form-urlencoded`) as PHP means it, since that is how the vendor writes it:
 * `fields[name]=x` nests, `interests[]=x` appends, the last of several equal names counts, `+` is a space. Unlike PHP it
 * leaves dots and spaces in names as they are, and refuses what is over the limits instead of cutting it off.
 *
 * @throws DecodeError `too-many-fields`, `too-deep`, `field-name-too-long`.
 */
export function decodeForm(body: Uint8Array, problems: Problem[]): RawObject {
  const text = decodeLatin1(body);
  const root = new Branch();
  let count = 0;
  for (let start = 0; start <= text.length; ) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand === -1 ? text.length : ampersand;
    if (end > start) {
      if (++count > MAX_FIELDS) throw new DecodeError('too-many-fields', `more than ${MAX_FIELDS} fields`);
      addPair(root, text, start, end, problems);
    }
    start = end + 1;
  }
  return root.toObject();
}

function addPair(root: Branch, text: string, start: number, end: number, problems: Problem[]): void {
  const found = text.indexOf('=', start);
  const equals = found === -1 || found > end ? end : found;
  if (equals - start > 3 * MAX_NAME)
    throw new DecodeError('field-name-too-long', `a field's name has more than ${MAX_NAME} characters`);
  const name = decodeComponent(text.slice(start, equals));
  const value = decodeComponent(text.slice(equals + 1, end));
  if (!name.isUtf8 || !value.isUtf8) problems.push({ code: 'not-utf8', field: name.text.slice(0, 100) });
  const path = parseFieldName(name.text);
  if (path === undefined) return;
  let branch = root;
  for (let i = 0; i < path.length - 1; i++) branch = branch.descend(path[i] ?? null);
  branch.set(path.at(-1) ?? null, value.text);
}

interface Decoded {
  readonly text: string;
  readonly isUtf8: boolean;
}

const plain = /^[\x20-\x24\x26-\x2a\x2c-\x7e]*$/;

/** `+` is a space and `%XX` an octet; a percent sign without two digits is itself. The octets are UTF-8, or else Latin-1. */
function decodeComponent(text: string): Decoded {
  if (plain.test(text)) return { text, isUtf8: true };
  const octets = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2b) {
      octets[length++] = 0x20;
    } else if (code === 0x25 && hexDigit(text.charCodeAt(i + 1)) >= 0 && hexDigit(text.charCodeAt(i + 2)) >= 0) {
      octets[length++] = hexDigit(text.charCodeAt(i + 1)) * 16 + hexDigit(text.charCodeAt(i + 2));
      i += 2;
    } else {
      octets[length++] = code;
    }
  }
  const bytes = octets.subarray(0, length);
  const decoded = decodeUtf8Exactly(bytes);
  return decoded === undefined ? { text: decodeLatin1(bytes), isUtf8: false } : { text: decoded, isUtf8: true };
}

/** A byte order mark inside a form is a character like any other. */
function decodeUtf8Exactly(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  return text !== undefined && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? `\ufeff${text}` : text;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const wholeNumber = /^(?:0|-?[1-9]\d{0,14})$/;

/** A PHP array while it is being filled: ordered, and it knows which index comes next. */
class Branch {
  readonly #values = new Map<string, string | Branch>();
  #next = 0;

  /** @param key - null appends. */
  set(key: string | null, value: string): void {
    this.#values.set(this.#keyOf(key), value);
  }

  /** The array at a key; a single value there gives way to it, as in PHP. */
  descend(key: string | null): Branch {
    const name = this.#keyOf(key);
    const found = this.#values.get(name);
    if (found instanceof Branch) return found;
    const branch = new Branch();
    this.#values.set(name, branch);
    return branch;
  }

  #keyOf(key: string | null): string {
    const name = key ?? String(this.#next);
    if (wholeNumber.test(name) && Number(name) >= this.#next) this.#next = Number(name) + 1;
    return name;
  }

  toObject(): RawObject {
    const object = createRaw();
    for (const [name, value] of this.#values) object[name] = toValue(value);
    return object;
  }

  /** A list when the keys are 0, 1, 2 …, in this order. */
  toValue(): RawValue {
    let index = 0;
    for (const key of this.#values.keys()) if (key !== String(index++)) return this.toObject();
    return [...this.#values.values()].map(toValue);
  }
}

function toValue(value: string | Branch): RawValue {
  return typeof value === 'string' ? value : value.toValue();
}
