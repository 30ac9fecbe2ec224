import type { readDocument as full } from './json-document.js';
import { readJson } from './json-reader.js';
import { addProblem } from './problem.js';

/**
 * By the reader that never loses anything alone: slower for a long body, and a third of the code. Held equal by a test, but for
 * a text that is too deep and no JSON either: this one tells the depth.
 */
export const readDocument: typeof full = (_bytes, text, problems, limits) => {
  const { value, duplicates } = readJson(text, limits);
  for (const field of duplicates) addProblem(problems, 'duplicate-key', field);
  return value;
};
