import { DecodeError, MAX_DEPTH, MAX_NAME } from './problem.js';

/**
 * Takes a form field's name apart as PHP does: `a[b][]` is `a`, `b`, and "the next index" (null). What follows a closed
 * bracket and is no bracket is dropped; a bracket that is not closed, or with nothing before it, is part of the name.
 *
 * @returns undefined for an empty name, which PHP ignores.
 * @throws DecodeError `field-name-too-long`, `too-deep`.
 */
export function parseFieldName(name: string): readonly (string | null)[] | undefined {
  if (name.length > MAX_NAME)
    throw new DecodeError('field-name-too-long', `a field's name has more than ${MAX_NAME} characters`);
  let start = 0;
  while (name.charCodeAt(start) === SPACE) start++;
  const bracket = name.indexOf('[', start);
  if (start === name.length) return undefined;
  if (bracket === -1 || bracket === start || name.indexOf(']', bracket) === -1) return [name.slice(start)];
  const path: (string | null)[] = [name.slice(start, bracket)];
  for (let at = bracket; name.charCodeAt(at) === OPEN; ) {
    const close = name.indexOf(']', at);
    if (close === -1) break;
    const key = name.slice(at + 1, close);
    path.push(key === '' || key === ' ' ? null : key);
    if (path.length > MAX_DEPTH) throw new DecodeError('too-deep', `nested more than ${MAX_DEPTH} deep`);
    at = close + 1;
  }
  return path;
}

const SPACE = 0x20;
const OPEN = 0x5b;
