import { readJson } from './json-reader.js';
import { scanJson } from './json-scan.js';
import { type JsonLimits, JsonWalk } from './json-walk.js';
import { parseJson } from './parse-json.js';
import { addProblem, type Problem } from './problem.js';
import type { RawValue } from './raw.js';

/**
 * Reads a JSON document, by `JSON.parse` where that loses nothing. In a Worker's bundle json-document-lean.ts stands in its
 * place.
 *
 * @throws DecodeError `invalid-json`, `too-deep` or `too-many-fields`.
 */
export function readDocument(bytes: Uint8Array, text: string, problems: Problem[], limits: JsonLimits): RawValue {
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
