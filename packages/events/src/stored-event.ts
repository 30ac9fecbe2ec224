import { decodeBase64 } from '#text';
import { createEvent } from './create-event.js';
import { DecodeError, type UnknownReason } from './decode-error.js';
import type { WebhookEvent } from './event.js';
import { type FieldSchemas, readFieldSchemas } from './field-schemas.js';
import { decodeJson } from './json-body.js';
import type { Problem } from './problem.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';
import { createZoneReader } from './time-zone.js';

/** The stored text is not that of an event. */
export class StoredEventError extends Error {
  override readonly name = 'StoredEventError';
  readonly code = 'ERR_STORED_EVENT';
}

/** How events are read back. */
export interface StoredOptions<F extends FieldSchemas = FieldSchemas> {
  /**
   * The schemas that the event was read with. Without them `fields` is what JSON has kept of it; with them it is made
   * anew from `raw`.
   */
  readonly fields?: F;
}

/** What is stored has all that a body may have twice over, in `raw` and in `fields`, and is a little deeper. */
const limits = { depth: 1000, fields: Number.POSITIVE_INFINITY };
const utc = createZoneReader('UTC');

/**
 * Reads an event back from what `JSON.stringify(event)` gave. All is as it was, but for `body`, which is kept of
 * `unknown` events only and else empty.
 *
 * @param json - the text, or its bytes.
 * @throws StoredEventError when it is anything else.
 */
export function parseStored<const F extends FieldSchemas = FieldSchemas>(
  json: string | Uint8Array,
  options: StoredOptions<F> = {},
): WebhookEvent<F> {
  const stored = decodeStored(json);
  const { kind, identity, key, raw, body, reason, contentType, problems } = stored;
  if (typeof kind !== 'string' || typeof identity !== 'string' || typeof key !== 'string') throw notAnEvent();
  if (raw !== undefined && !isRawObject(raw)) throw notAnEvent();
  const parts = {
    body: typeof body === 'string' ? bytesOf(body) : new Uint8Array(),
    identity,
    key,
    problems: [],
    contentType: typeof contentType === 'string' ? contentType : undefined,
    raw,
    reason: isRawObject(reason) ? ({ ...reason } as unknown as UnknownReason) : undefined,
  };
  const event = createEvent(parts, { zone: utc, schemas: readFieldSchemas(options.fields) });
  if (event.kind !== kind) throw notAnEvent();
  restore(event, stored, options.fields !== undefined);
  if (Array.isArray(problems)) Object.assign(event, { problems: (problems as RawValue[]).map(toProblem) });
  return event as WebhookEvent<F>;
}

/** Sets what depends on things that are not stored: the zone, the schemas, and how the body was written. */
function restore(event: WebhookEvent, stored: RawObject, hasSchemas: boolean): void {
  const own = event as unknown as Record<string, unknown>;
  for (const name of ['occurredAt', 'createdAt', 'modifiedAt']) {
    const value = stored[name];
    if (typeof value === 'string') own[name] = new Date(value);
    else delete own[name];
  }
  if (hasSchemas) return;
  if (stored['fields'] === undefined) delete own['fields'];
  else own['fields'] = stored['fields'];
}

function toProblem(value: RawValue): Problem {
  if (!isRawObject(value)) throw notAnEvent();
  const issues = value['issues'];
  if (!Array.isArray(issues)) return { ...value } as unknown as Problem;
  return { ...value, issues: (issues as RawObject[]).map((issue) => ({ ...issue })) } as unknown as Problem;
}

function decodeStored(json: string | Uint8Array): RawObject {
  try {
    return decodeJson(typeof json === 'string' ? new TextEncoder().encode(json) : json, [], limits);
  } catch (error) {
    if (error instanceof DecodeError) throw notAnEvent(error);
    throw error;
  }
}

function bytesOf(base64: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch (error) {
    throw notAnEvent(error);
  }
}

function notAnEvent(cause?: unknown): StoredEventError {
  return new StoredEventError('This is not an event as JSON.stringify writes it.', { cause });
}
