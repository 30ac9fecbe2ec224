import { readJson } from './json-reader.js';
import { DecodeError, MAX_DEPTH, MAX_FIELDS, type Problem } from './problem.js';
import { createRaw, isRawObject, type RawObject, type RawValue } from './raw.js';
import { decodeLatin1, decodeUtf8 } from './text.js';

/** Digits enough that a double may not hold them, or an exponent. Also true for some strings; then nothing is lost but time. */
const mayLoseDigits = /[0-9.]{16}|[0-9][eE]/;

/**
 * Decodes a JSON body into fields.
 *
 * @throws DecodeError when it is not an object in JSON, is nested too deep or has too many fields.
 */
export function decodeJson(body: Uint8Array, problems: Problem[]): RawObject {
  let text = decodeUtf8(body);
  if (text === undefined) {
    problems.push({ code: 'not-utf8', field: '' });
    text = decodeLatin1(body);
  }
  const value = parse(text, problems);
  if (!isRawObject(value)) throw new DecodeError('not-an-object', 'the JSON is not an object');
  return value;
}

function parse(text: string, problems: Problem[]): RawValue {
  if (!mayLoseDigits.test(text)) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw new DecodeError('invalid-json', 'the body is not JSON');
    }
    const copier = new Copier();
    const value = copier.copy(parsed, 0);
    if (copier.keys >= countKeys(text)) return value;
  }
  const { value, duplicates } = readJson(text);
  for (const field of duplicates) problems.push({ code: 'duplicate-key', field });
  return new Copier().copy(value, 0);
}

/** How many keys the text has at the most: quotes before a colon. Fewer in the result mean that some came twice. */
function countKeys(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (before > 0 && text.charCodeAt(before) <= 0x20) before--;
    if (text.charCodeAt(before) === 0x22) count++;
  }
  return count;
}

/** Copies a parsed value into objects without prototypes, within the limits. */
class Copier {
  keys = 0;
  #values = 0;

  copy(value: unknown, depth: number): RawValue {
    if (typeof value !== 'object' || value === null) return value as RawValue;
    if (depth > MAX_DEPTH) throw new DecodeError('too-deep', `nested more than ${MAX_DEPTH} deep`);
    if (Array.isArray(value)) {
      this.#count(value.length);
      return value.map((one) => this.copy(one, depth + 1));
    }
    const object = createRaw();
    const names = Object.keys(value);
    this.keys += names.length;
    this.#count(names.length);
    for (const name of names) object[name] = this.copy((value as Record<string, unknown>)[name], depth + 1);
    return object;
  }

  #count(more: number): void {
    this.#values += more;
    if (this.#values > MAX_FIELDS) throw new DecodeError('too-many-fields', `more than ${MAX_FIELDS} fields`);
  }
}
