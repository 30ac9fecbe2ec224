import type { EventKind, WebhookEvent } from './event.js';
import { kindOf } from './event-kind.js';
import { FieldReader } from './field-reader.js';
import type { Problem, UnknownReason } from './problem.js';
import type { RawObject } from './raw.js';
import { encodeBase64 } from './text.js';
import type { ZoneReader } from './time-zone.js';
import { typedFields } from './typed-fields.js';

/** What an event is made from: fields, or the reason why there are none. */
export interface EventParts {
  readonly body: Uint8Array;
  readonly identity: string;
  readonly key: string;
  readonly problems: Problem[];
  readonly contentType: string | undefined;
  readonly raw?: RawObject;
  readonly reason?: UnknownReason;
}

/** Fills in the typed view. */
export function createEvent(parts: EventParts, zone: ZoneReader): WebhookEvent {
  const { raw, body, identity, key, problems, contentType } = parts;
  const event = new Event() as Event & Record<string, unknown>;
  const kind = raw === undefined ? 'unknown' : kindOf(raw);
  event['kind'] = kind satisfies EventKind;
  event['identity'] = identity;
  event['key'] = key;
  if (raw !== undefined) {
    const read = new FieldReader(raw, problems, zone);
    const timestampText = read.text('timestamp');
    const occurredAt = read.instant('time') ?? (timestampText === undefined ? undefined : read.localTime('timestamp'));
    if (occurredAt !== undefined) event['occurredAt'] = occurredAt;
    if (timestampText !== undefined) event['timestampText'] = timestampText;
    if (kind !== 'unknown') {
      const fields = typedFields[kind](read);
      for (const name in fields) if (fields[name] !== undefined) event[name] = fields[name];
    }
  }
  if (kind === 'unknown') {
    if (contentType !== undefined) event['contentType'] = contentType;
    event['reason'] = parts.reason ?? { code: 'unknown-type', text: 'the type of the event is not known' };
  }
  event['problems'] = problems;
  if (raw !== undefined) event['raw'] = raw;
  event['body'] = body;
  return event as unknown as WebhookEvent;
}

/** Its only use is that JSON.stringify finds toJSON, while no key of an event is anything but data. */
class Event {
  /** Plain JSON: dates as ISO 8601; the body, in base64, only of an `unknown` event. */
  toJSON(): Record<string, unknown> {
    const { body, ...rest } = this as unknown as WebhookEvent;
    return rest.kind === 'unknown' ? { ...rest, body: encodeBase64(body) } : rest;
  }
}
