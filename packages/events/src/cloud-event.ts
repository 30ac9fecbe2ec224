import type { WebhookEvent } from './event.js';
import type { FieldSchemas } from './field-schemas.js';

/** An event in the shape of CloudEvents 1.0, structured mode, in JSON. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The event's key: the same whenever the same event is sent. */
  readonly id: string;
  /** Whose event it is: `environment-1234`, a relative URI reference. */
  readonly source: string;
  /** `com.copernica.` and the kind. */
  readonly type: `com.copernica.${string}`;
  /** When it happened, RFC 3339. */
  readonly time?: string;
  /** What it is about: the id of the message, the subprofile or the profile. */
  readonly subject?: string;
  readonly datacontenttype: 'application/json';
  /** What `JSON.stringify(event)` writes. */
  readonly data: unknown;
}

/** An event as a CloudEvent: the shape only, to be sent by whatever client one has. */
export function toCloudEvent<F extends FieldSchemas>(event: WebhookEvent<F>): CloudEvent {
  const plain = event as unknown as WebhookEvent;
  const subject = subjectOf(plain);
  return {
    specversion: '1.0',
    id: plain.key,
    source: plain.identity,
    type: `com.copernica.${plain.kind}`,
    ...(plain.occurredAt !== undefined && { time: plain.occurredAt.toISOString() }),
    ...(subject !== undefined && { subject }),
    datacontenttype: 'application/json',
    data: JSON.parse(JSON.stringify(plain)),
  };
}

function subjectOf(event: WebhookEvent): string | undefined {
  if (event.kind === 'unknown') return undefined;
  if ('subprofileId' in event && event.subprofileId !== undefined) return event.subprofileId;
  if ('recipient' in event || !('profileId' in event)) return event.id;
  return event.profileId ?? event.id;
}
