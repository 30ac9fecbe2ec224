import { FormDecoder } from '#form-body';
import { decodeJson as decodeJsonBody } from './json-body.js';
import type { Problem } from './problem.js';
import type { RawObject } from './raw.js';

/** The fields of a body, and what could not be read as it should be. */
export interface DecodedBody {
  readonly fields: RawObject;
  readonly problems: readonly Problem[];
}

/**
 * Decodes a form body as PHP means it, without making an event of it.
 *
 * @throws DecodeError `too-large`, `too-many-fields`, `too-deep`, `field-name-too-long`.
 */
export function decodeForm(body: Uint8Array): DecodedBody {
  const problems: Problem[] = [];
  return { fields: new FormDecoder().decode(body, problems), problems };
}

/**
 * Decodes a JSON body, without losing a digit and without making an event of it.
 *
 * @throws DecodeError `too-large`, `invalid-json`, `not-an-object`, `too-many-fields`, `too-deep`.
 */
export function decodeJson(body: Uint8Array): DecodedBody {
  const problems: Problem[] = [];
  return { fields: decodeJsonBody(body, problems), problems };
}
