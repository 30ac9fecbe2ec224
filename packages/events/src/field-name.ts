import { DecodeError, MAX_DEPTH } from './decode-error.js';

/** The keys on the way to a value; null is "the next index". */
export type FieldPath = readonly [string, ...(string | null)[]];

/**
 * Takes a form field's name apart as PHP does: `a[b][]` is `a`, `b`, and "the next index" (null). What follows a closed
 * bracket and is no bracket is dropped; a bracket that is not closed, or with nothing before it, is part of the name.
 *
 * @returns undefined for an empty name, which PHP ignores.
 * @throws DecodeError `too-deep`.
 */
export function parseFieldName(name: string): FieldPath | undefined {
  let start = 0;
  while (name.charCodeAt(start) === SPACE) start++;
  if (start === name.length) return undefined;
  const bracket = name.indexOf('[', start);
  if (bracket === -1 || bracket === start || name.indexOf(']', bracket) === -1) return [name.slice(start)];
  const path: [string, ...(string | null)[]] = [name.slice(start, bracket)];
  for (let at = bracket; name.charCodeAt(at) === OPEN; ) {
    const close = name.indexOf(']', at);
    if (close === -1) break;
    const key = name.slice(at + 1, close);
    path.push(key === '' || blank.test(key) ? null : key);
    if (path.length > MAX_DEPTH) throw new DecodeError('too-deep', `nested more than ${MAX_DEPTH} deep`);
    at = close + 1;
  }
  return path;
}

/** One white space in brackets is as good as nothing. */
const blank = /^[ \t\n\v\f\r]$/;
const SPACE = 0x20;
const OPEN = 0x5b;
