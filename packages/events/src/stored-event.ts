import { createEvent } from './create-event.js';
import type { WebhookEvent } from './event.js';
import { decodeJson } from './json-body.js';
import { DecodeError, type Problem, type UnknownReason } from './problem.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';
import { decodeBase64 } from './text.js';
import { createZoneReader } from './time-zone.js';

/** The stored text is not that of an event. */
export class StoredEventError extends Error {
  override readonly name = 'StoredEventError';
  readonly code = 'ERR_STORED_EVENT';
}

/**
 * Reads an event back from what `JSON.stringify(event)` gave. All is as it was, but for `body`, which is kept of
 * `unknown` events only and else empty.
 *
 * @param json - the text, or its bytes.
 * @throws StoredEventError when it is anything else.
 */
export function parseStored(json: string | Uint8Array): WebhookEvent {
  const stored = decodeStored(json);
  const { kind, identity, key, raw, body, reason, contentType, occurredAt } = stored;
  if (typeof kind !== 'string' || typeof identity !== 'string' || typeof key !== 'string') throw notAnEvent();
  if (raw !== undefined && !isRawObject(raw)) throw notAnEvent();
  const event = createEvent(
    {
      body: typeof body === 'string' ? bytesOf(body) : new Uint8Array(),
      identity,
      key,
      problems: [],
      contentType: typeof contentType === 'string' ? contentType : undefined,
      ...(raw !== undefined && { raw }),
      ...(isRawObject(reason) && { reason: { ...reason } as unknown as UnknownReason }),
    },
    createZoneReader('UTC'),
  );
  if (event.kind !== kind) throw notAnEvent();
  // These depend on what is not stored: the zone, and how the body was written.
  const restored = event as unknown as { occurredAt?: Date; createdAt?: Date; modifiedAt?: Date; problems: Problem[] };
  if (typeof occurredAt === 'string') restored.occurredAt = new Date(occurredAt);
  for (const name of ['createdAt', 'modifiedAt'] as const) {
    const value = stored[name];
    if (typeof value === 'string') restored[name] = new Date(value);
  }
  if (Array.isArray(stored['problems'])) {
    restored.problems = (stored['problems'] as RawValue[]).map((one) => ({ ...(one as unknown as Problem) }));
  }
  return event;
}

function decodeStored(json: string | Uint8Array): RawObject {
  try {
    return decodeJson(typeof json === 'string' ? new TextEncoder().encode(json) : json, []);
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
