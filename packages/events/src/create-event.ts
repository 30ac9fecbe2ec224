import type { UnknownReason } from './decode-error.js';
import type { EventKind, WebhookEvent } from './event.js';
import { eventClassOf } from './event-class.js';
import { definitionOf } from './event-kind.js';
import { FieldReader } from './field-reader.js';
import { applySchema, type FieldSchemas } from './field-schemas.js';
import { definitions } from './kinds/definitions.js';
import type { FieldSource } from './kinds/shared-fields.js';
import type { Problem } from './problem.js';
import type { RawObject } from './raw.js';
import type { ZoneReader } from './time-zone.js';

/** What an event is made from: fields, or the reason why there are none. */
export interface EventParts {
  readonly body: Uint8Array;
  readonly identity: string;
  readonly key: string;
  readonly problems: Problem[];
  readonly contentType: string | undefined;
  readonly raw: RawObject | undefined;
  readonly reason: UnknownReason | undefined;
}

/** How events are read. */
export interface Reading {
  readonly zone: ZoneReader;
  readonly schemas: FieldSchemas;
}

const unknownType: UnknownReason = { code: 'unknown-type', text: 'the type of the event is not known' };

const sources = new Map<EventKind, readonly (readonly [string, FieldSource])[]>(
  definitions.map(({ kind, fields }) => [kind, Object.entries(fields)]),
);

/** Fills in the typed view. */
export function createEvent(parts: EventParts, { zone, schemas }: Reading): WebhookEvent {
  const { raw, body, identity, key, problems, contentType } = parts;
  const definition = raw === undefined ? undefined : definitionOf(raw);
  const kind = definition?.kind ?? 'unknown';
  const event: Record<string, unknown> = new (eventClassOf(kind))(kind, identity, key);
  if (raw !== undefined) {
    const read = new FieldReader(raw, problems, zone);
    const timestampText = read.text('timestamp');
    const occurredAt = read.instant('time') ?? (timestampText === undefined ? undefined : read.localTime('timestamp'));
    if (occurredAt !== undefined) event['occurredAt'] = occurredAt;
    if (timestampText !== undefined) event['timestampText'] = timestampText;
    if (definition !== undefined) {
      for (const [name, { from, as }] of sources.get(definition.kind) ?? []) {
        const value = read[as](from);
        if (value !== undefined) event[name] = value;
      }
      if (definition.subprofile !== undefined) applySchemas(event, definition.subprofile, schemas, problems);
    }
  }
  if (definition === undefined) {
    if (contentType !== undefined) event['contentType'] = contentType;
    event['reason'] = parts.reason ?? unknownType;
  }
  event['problems'] = problems;
  if (raw !== undefined) event['raw'] = raw;
  event['body'] = body;
  return event as unknown as WebhookEvent;
}

function applySchemas(
  event: Record<string, unknown>,
  subprofile: boolean,
  { databases, collections }: FieldSchemas,
  problems: Problem[],
): void {
  const schemas = subprofile ? collections : databases;
  if (schemas === undefined || event['fields'] === undefined) return;
  const id = event[subprofile ? 'collectionId' : 'databaseId'] as string | undefined;
  const typed = applySchema(schemas, id, event['fields'] as RawObject, problems);
  if (typed === undefined) delete event['fields'];
  else event['fields'] = typed;
}
