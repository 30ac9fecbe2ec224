import { DecodeError } from './decode-error.js';
import type { RawValue } from './raw.js';

/**
 * `JSON.parse`, which may lose digits and keys that come twice.
 *
 * @throws DecodeError `invalid-json`.
 */
export function parseJson(text: string): RawValue {
  try {
    return JSON.parse(text) as RawValue;
  } catch {
    throw new DecodeError('invalid-json', 'the body is not JSON');
  }
}
