import { DecodeError, MAX_BYTES, MAX_DEPTH, MAX_FIELDS } from './decode-error.js';
import { readJson } from './json-reader.js';
import { scanJson } from './json-scan.js';
import { type JsonLimits, JsonWalk } from './json-walk.js';
import { addProblem, type Problem } from './problem.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';
import { decodeLatin1, decodeUtf8 } from './text.js';

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
  const value = parseJson(text);
  const walk = new JsonWalk(limits);
  walk.over(value, 0);
  if (walk.length === text.length) return value;
  // White space or an escape, or something was lost: a look at the text tells.
  const scan = scanJson(bytes);
  if (scan.exact && scan.keys === walk.keys) return value;
  const { value: whole, duplicates } = readJson(text, limits);
  for (const field of duplicates) addProblem(problems, 'duplicate-key', field);
  return whole;
}

function parseJson(text: string): RawValue {
  try {
    return JSON.parse(text) as RawValue;
  } catch {
    throw new DecodeError('invalid-json', 'the body is not JSON');
  }
}
