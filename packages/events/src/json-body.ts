import { readDocument } from '#json-document';
import { decodeLatin1, decodeUtf8 } from '#text';
import { DecodeError, MAX_BYTES, MAX_DEPTH, MAX_FIELDS } from './decode-error.js';
import type { JsonLimits } from './json-walk.js';
import { addProblem, type Problem } from './problem.js';
import { isRawObject, type RawObject } from './raw.js';

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
  const value = readDocument(bytes, text, problems, limits);
  if (!isRawObject(value)) throw new DecodeError('not-an-object', 'the JSON is not an object');
  return value;
}
