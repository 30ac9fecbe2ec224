import { DecodeError, MAX_BYTES, MAX_DEPTH, MAX_FIELDS } from './decode-error.js';
import { readJson } from './json-reader.js';
import { scanJson } from './json-scan.js';
import { addProblem, type Problem } from './problem.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';
import { decodeLatin1, decodeUtf8 } from './text.js';

/** How far JSON may go. */
export interface JsonLimits {
  readonly depth: number;
  readonly fields: number;
}

const bodyLimits: JsonLimits = { depth: MAX_DEPTH, fields: MAX_FIELDS };

/**
 * Decodes a JSON body into fields. Nothing is lost: a number that a double cannot hold comes as its text, and of a key
 * that comes twice, which is told as a problem, the last one counts.
 *
 * @throws DecodeError when it is not an object in JSON, is nested too deep or has too many fields.
 */
export function decodeJson(body: Uint8Array, problems: Problem[], limits: JsonLimits = bodyLimits): RawObject {
  if (body.length > MAX_BYTES) throw new DecodeError('too-large', `more than ${MAX_BYTES} bytes`);
  // RFC 8259 section 8.1: a byte order mark may be ignored.
  const bytes = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
  let text = decodeUtf8(bytes);
  if (text === undefined) {
    addProblem(problems, 'not-utf8', '');
    text = decodeLatin1(bytes);
  }
  const value = parse(bytes, text, problems, limits);
  if (!isRawObject(value)) throw new DecodeError('not-an-object', 'the JSON is not an object');
  return value;
}

function parse(bytes: Uint8Array, text: string, problems: Problem[], limits: JsonLimits): RawValue {
  const scan = scanJson(bytes);
  if (scan.exact) {
    const value = parseJson(text);
    const taking = new PrototypeTaker(limits);
    taking.take(value, 0);
    if (taking.keys === scan.keys) return value;
  }
  const { value, duplicates } = readJson(text, limits);
  for (const field of duplicates) addProblem(problems, 'duplicate-key', field);
  return value;
}

function parseJson(text: string): RawValue {
  try {
    return JSON.parse(text) as RawValue;
  } catch {
    throw new DecodeError('invalid-json', 'the body is not JSON');
  }
}

/** Takes the prototypes off what `JSON.parse` gave, and counts. */
class PrototypeTaker {
  keys = 0;
  #values = 0;
  readonly #limits: JsonLimits;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  take(value: RawValue, depth: number): void {
    if (typeof value !== 'object' || value === null) return;
    if (depth > this.#limits.depth) throw tooDeep(this.#limits);
    if (Array.isArray(value)) {
      this.#count(value.length);
      for (const one of value) this.take(one, depth + 1);
      return;
    }
    const object = Object.setPrototypeOf(value, null) as Record<string, RawValue>;
    let keys = 0;
    for (const name in object) {
      keys++;
      const one = object[name];
      if (typeof one === 'object' && one !== null) this.take(one, depth + 1);
    }
    this.keys += keys;
    this.#count(keys);
  }

  #count(more: number): void {
    this.#values += more;
    if (this.#values > this.#limits.fields) throw tooMany(this.#limits);
  }
}

export function tooDeep({ depth }: JsonLimits): DecodeError {
  return new DecodeError('too-deep', `nested more than ${depth} deep`);
}

export function tooMany({ fields }: JsonLimits): DecodeError {
  return new DecodeError('too-many-fields', `more than ${fields} fields`);
}
