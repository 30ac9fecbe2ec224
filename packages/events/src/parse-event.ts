import { formatOf } from './body-format.js';
import { createEvent } from './create-event.js';
import type { WebhookEvent } from './event.js';
import { decodeForm } from './form-body.js';
import { decodeJson } from './json-body.js';
import { DecodeError, type Problem } from './problem.js';
import type { RawObject } from './raw.js';
import { createZoneReader } from './time-zone.js';

/** A verified call, as far as it matters here. */
export interface ParseInput {
  readonly body: Uint8Array;
  /** The Content-Type as it came. */
  readonly contentType?: string | undefined;
  /** False when the signature does not cover it: then it is only a hint. Default true. */
  readonly contentTypeSigned?: boolean;
  /** Whose call it is: `environment-1234`. */
  readonly identity: string;
  /** The event's key. */
  readonly key: string;
}

export interface ParseOptions {
  /** The IANA zone of times that come without one; default `UTC`. */
  readonly timeZone?: string;
}

/**
 * Makes a parser of events.
 *
 * @throws TypeError when there is no such time zone.
 */
export function createEventParser(options: ParseOptions = {}): (input: ParseInput) => WebhookEvent {
  const zone = createZoneReader(options.timeZone ?? 'UTC');
  return (input) => {
    const { body, contentType, contentTypeSigned = true, identity, key } = input;
    const problems: Problem[] = [];
    const about = { body, identity, key, problems, contentType };
    try {
      return createEvent({ ...about, raw: decode(body, contentType, contentTypeSigned, problems) }, zone);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return createEvent({ ...about, reason: { code: error.code, text: error.message } }, zone);
    }
  };
}

/**
 * Makes an event of a verified call. Whatever the body, there is an event: what is not understood is `unknown`, and has
 * the bytes and the reason.
 *
 * @throws TypeError when there is no such time zone.
 */
export function parseEvent(input: ParseInput, options: ParseOptions = {}): WebhookEvent {
  return createEventParser(options)(input);
}

function decode(body: Uint8Array, contentType: string | undefined, signed: boolean, problems: Problem[]): RawObject {
  if (body.length === 0) throw new DecodeError('empty-body', 'the body is empty');
  switch (formatOf(contentType, signed, body)) {
    case 'json':
      return decodeJson(body, problems);
    case 'form':
      return decodeForm(body, problems);
    case 'other':
      throw new DecodeError('unsupported-content-type', 'the body is neither JSON nor a form');
  }
}
