import { copyText, decodeLatin1, decodeUtf8 } from '#text';
import { DecodeError, MAX_NAME } from './decode-error.js';
import { type FieldPath, parseFieldName } from './field-name.js';
import { BAD_ESCAPE, type Unescaper } from './form-octets.js';
import type { FieldProblem } from './problem.js';

/** What a field's name means. */
export interface FormName {
  /** As it stands in the body, escapes and all. */
  readonly raw: Uint8Array;
  readonly text: string;
  /** Undefined for an empty name, which counts for nothing. */
  readonly path: FieldPath | undefined;
  readonly problems: readonly FieldProblem['code'][];
  /** The one that came next, the last time. */
  next: FormName | undefined;
}

const MAX_REMEMBERED = 4096;
const MAX_REMEMBERED_LENGTH = 192;

/**
 * The names of form fields. Events of one account have the same few over and over, in the same order: what each means
 * is worked out once, and the next one is guessed. Strangers must not fill it; once full it stays as it is.
 */
export class FormNames {
  readonly #known = new Map<string, FormName>();
  #first: FormName | undefined;

  /** Reads the name that begins at a place in the body. */
  read(
    body: Uint8Array,
    from: number,
    previous: FormName | undefined,
    octets: Uint8Array,
    reader: Unescaper,
  ): FormName {
    let end = from;
    while (end < body.length && body[end] !== 0x3d && body[end] !== 0x26) end++;
    if (end - from > MAX_REMEMBERED_LENGTH) return parse(body, from, end, octets, reader);
    const key = decodeLatin1(body, from, end);
    let name = this.#known.get(key);
    if (name === undefined) {
      name = parse(body, from, end, octets, reader);
      if (this.#known.size >= MAX_REMEMBERED) return name;
      this.#known.set(key, name);
    }
    if (previous === undefined) this.#first = name;
    else previous.next = name;
    return name;
  }

  /** The name that stands at a place in the body, if it is the one to be expected there, with a value. */
  expected(body: Uint8Array, from: number, previous: FormName | undefined): FormName | undefined {
    const guess = previous === undefined ? this.#first : previous.next;
    if (guess === undefined) return undefined;
    const { raw } = guess;
    const { length } = raw;
    if (body[from + length] !== 0x3d) return undefined;
    for (let i = 0; i < length; i++) if (body[from + i] !== raw[i]) return undefined;
    return guess;
  }
}

/** @throws DecodeError `field-name-too-long`, `too-deep`. */
function parse(body: Uint8Array, from: number, end: number, octets: Uint8Array, reader: Unescaper): FormName {
  const start = reader.at;
  const flags = reader.name(from);
  const after = reader.at;
  reader.at = start;
  if (after - start > 4 * MAX_NAME) throw tooLong();
  const utf8 = decodeUtf8(octets, start, after);
  const text = copyText(utf8 ?? decodeLatin1(octets, start, after));
  if (text.length > MAX_NAME) throw tooLong();
  const problems: FieldProblem['code'][] = [];
  if (utf8 === undefined) problems.push('name-not-utf8');
  if ((flags & BAD_ESCAPE) !== 0) problems.push('bad-escape');
  return {
    raw: Uint8Array.prototype.slice.call(body, from, end),
    text,
    path: parseFieldName(text),
    problems,
    next: undefined,
  };
}

function tooLong(): DecodeError {
  return new DecodeError('field-name-too-long', `a field's name has more than ${MAX_NAME} characters`);
}
