import { FormDecoder } from '#form-body';
import { formatOf } from './body-format.js';
import { createEvent } from './create-event.js';
import { DecodeError, type UnknownReason } from './decode-error.js';
import type { WebhookEvent } from './event.js';
import { type FieldSchemas, readFieldSchemas } from './field-schemas.js';
import { decodeJson } from './json-body.js';
import type { Problem } from './problem.js';
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

/** How bodies are read. */
export interface ParseOptions<F extends FieldSchemas = FieldSchemas> {
  /** The IANA zone of times that come without one; default `UTC`. */
  readonly timeZone?: string;
  /**
   * What the `fields` of profiles are, as Standard Schemas by database and collection; default: texts by name. Fields
   * that are otherwise are left out of the event, with a problem that says why, and are in `raw`.
   */
  readonly fields?: F;
}

/**
 * Makes a parser of events. Keep it: it remembers what the names of form fields mean.
 *
 * @throws TypeError when there is no such time zone, or a schema is none.
 */
export function createEventParser<const F extends FieldSchemas = FieldSchemas>(
  options: ParseOptions<F> = {},
): (input: ParseInput) => WebhookEvent<F> {
  const reading = { zone: createZoneReader(options.timeZone ?? 'UTC'), schemas: readFieldSchemas(options.fields) };
  const form = new FormDecoder();
  const parse = ({ body, contentType, contentTypeSigned = true, identity, key }: ParseInput): WebhookEvent => {
    const problems: Problem[] = [];
    let raw: RawObject | undefined;
    let reason: UnknownReason | undefined;
    try {
      raw = decode(form, body, contentType, contentTypeSigned, problems);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      reason = { code: error.code, text: error.message };
    }
    return createEvent({ body, identity, key, problems, contentType, raw, reason }, reading);
  };
  return parse as (input: ParseInput) => WebhookEvent<F>;
}

/**
 * Makes an event of a verified call. Whatever the body, there is an event: what is not understood is `unknown`, and has
 * the bytes and the reason.
 *
 * @throws TypeError when there is no such time zone, or a schema is none.
 */
export function parseEvent<const F extends FieldSchemas = FieldSchemas>(
  input: ParseInput,
  options: ParseOptions<F> = {},
): WebhookEvent<F> {
  return createEventParser(options)(input);
}

function decode(
  form: FormDecoder,
  body: Uint8Array,
  contentType: string | undefined,
  signed: boolean,
  problems: Problem[],
): RawObject {
  if (body.length === 0) throw new DecodeError('empty-body', 'the body is empty');
  switch (formatOf(contentType, signed, body)) {
    case 'json':
      return decodeJson(body, problems);
    case 'form':
      return form.decode(body, problems);
    case 'other':
      throw new DecodeError('unsupported-content-type', 'the body is neither JSON nor a form');
  }
}
