import type { readDocument as full } from './json-document.js';
import { type ReadJson, readJson } from './json-reader.js';
import type { JsonLimits } from './json-walk.js';
import { parseJson } from './parse-json.js';
import { addProblem } from './problem.js';

/** By the reader that never loses anything alone: slower for a long body, and a third of the code. Held equal by a test. */
export const readDocument: typeof full = (_bytes, text, problems, limits) => {
  const { value, duplicates } = read(text, limits);
  for (const field of duplicates) addProblem(problems, 'duplicate-key', field);
  return value;
};

function read(text: string, limits: JsonLimits): ReadJson {
  try {
    return readJson(text, limits);
  } catch (error) {
    // The reader stops at a limit; whether the rest is JSON comes first, here as in the other.
    parseJson(text);
    throw error;
  }
}
