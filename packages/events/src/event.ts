import type { Problem, UnknownReason } from './problem.js';
import type { RawObject } from './raw.js';

/** What every event has. */
export interface BaseEvent {
  /** Every field under the vendor's own name, those that are not known here too. Without prototypes. */
  readonly raw?: RawObject;
  /** The exact bytes of the body. Empty for an event that was read back from JSON. */
  readonly body: Uint8Array;
  /** Whose event it is: `environment-1234` or `account-1234`. */
  readonly identity: string;
  /** The same whenever the same event is sent: 64 hexadecimal digits. */
  readonly key: string;
  /** When it happened: the vendor's `time`, or else its `timestamp`, read in the configured zone. */
  readonly occurredAt?: Date;
  /** The vendor's `timestamp` as it came: `YYYY-MM-DD HH:MM:SS`, in a zone that is not told. */
  readonly timestampText?: string;
  /** What could not be read; empty when all is well. */
  readonly problems: readonly Problem[];
}

interface KnownEvent extends BaseEvent {
  readonly raw: RawObject;
}

/** What events about a message have. */
export interface MessageEvent extends KnownEvent {
  /** The message's id. */
  readonly id?: string;
  /** The address that it was sent to. */
  readonly recipient?: string;
  /** The tags that were given to the message; empty when there are none. */
  readonly tags: readonly string[];
}

/** An IP address. */
export interface IpAddress {
  readonly address: string;
  readonly version: 4 | 6;
}

/** An enhanced status code, RFC 3463 section 2: `5.1.1`. */
export interface EnhancedStatus {
  /** 2 success, 4 persistent transient failure, 5 permanent failure. */
  readonly class: 2 | 4 | 5;
  readonly subject: number;
  readonly detail: number;
  readonly text: string;
}

/** A mail was opened: its image was fetched (vendor documentation: opens webhook). */
export interface OpenEvent extends MessageEvent {
  readonly kind: 'open';
  /** From where; often a proxy of the mail provider. */
  readonly ip?: IpAddress;
  readonly userAgent?: string;
  readonly referer?: string;
  /** The address of the image, in older editions. As text: it may be anything. */
  readonly originalUrl?: string;
}

/** A link in a mail was clicked (vendor documentation: clicks webhook). */
export interface ClickEvent extends MessageEvent {
  readonly kind: 'click';
  readonly ip?: IpAddress;
  readonly userAgent?: string;
  readonly referer?: string;
  /** Where the reader went. As text: it may be anything. */
  readonly originalUrl?: string;
  /** The rewritten link that was clicked, in older editions. */
  readonly trackedUrl?: string;
}

/** A mail was taken over by the receiving server (vendor documentation: deliveries webhook). */
export interface DeliveryEvent extends MessageEvent {
  readonly kind: 'delivery';
  /** The SMTP reply code, for instance 250 (RFC 5321 section 4.2). */
  readonly code?: number;
  readonly status?: EnhancedStatus;
  /** The text of the server's answer. */
  readonly description?: string;
}

/** A mail could not be delivered (vendor documentation: failures webhook). */
export interface FailureEvent extends MessageEvent {
  readonly kind: 'failure';
  /** The vendor writes `failure` or `failed`; here they are one. */
  readonly action?: string;
  /** The phase of the SMTP dialogue; `bounce` when the failure came afterwards, by mail. */
  readonly state?: string;
  readonly code?: number;
  readonly status?: EnhancedStatus;
  readonly description?: string;
}

/** A message came back to the envelope address: a failure report, an out-of-office reply, or anything else (vendor documentation: bounces webhook). */
export interface BounceEvent extends MessageEvent {
  readonly kind: 'bounce';
  /** The envelope address that it came back to. */
  readonly envelope?: string;
  readonly mailFrom?: string;
  readonly rcptTo?: string;
  /** The message itself, headers and all, written by a stranger. */
  readonly mime?: string;
}

/** Someone complained about a mail (vendor documentation: abuse webhook, SMTPeter). */
export interface AbuseEvent extends MessageEvent {
  readonly kind: 'abuse';
  /** Who complains. */
  readonly complainant?: string;
  /** The report, written by a stranger. */
  readonly mime?: string;
}

/** Someone unsubscribed (vendor documentation: unsubscribes webhook, Marketing Suite). */
export interface UnsubscribeEvent extends MessageEvent {
  readonly kind: 'unsubscribe';
  readonly profileId?: string;
  readonly databaseId?: string;
  readonly mailingId?: string;
}

/** Interests of a profile: what is on, and all that were named. */
export interface Interests {
  readonly on: readonly string[];
  /** Without a prototype. Only those that are on, when the vendor sent a list. */
  readonly all: Readonly<Record<string, boolean>>;
}

/** What events about profiles have (vendor documentation: profile webhooks, Marketing Suite). */
export interface ProfileChange extends KnownEvent {
  readonly id?: string;
  readonly profileId?: string;
  readonly databaseId?: string;
  readonly createdAt?: Date;
  readonly modifiedAt?: Date;
  /** The profile's fields by name. Without a prototype. */
  readonly fields?: RawObject;
  readonly interests?: Interests;
  /** What changed the profile. */
  readonly parameters?: RawObject;
}

/** What events about subprofiles have besides. */
export interface SubprofileChange extends ProfileChange {
  readonly subprofileId?: string;
  readonly collectionId?: string;
}

export interface ProfileCreateEvent extends ProfileChange {
  readonly kind: 'profile.create';
}
export interface ProfileUpdateEvent extends ProfileChange {
  readonly kind: 'profile.update';
}
export interface ProfileDeleteEvent extends ProfileChange {
  readonly kind: 'profile.delete';
}
export interface SubprofileCreateEvent extends SubprofileChange {
  readonly kind: 'subprofile.create';
}
export interface SubprofileUpdateEvent extends SubprofileChange {
  readonly kind: 'subprofile.update';
}
export interface SubprofileDeleteEvent extends SubprofileChange {
  readonly kind: 'subprofile.delete';
}

/** A genuine call that is no event of a known kind. Nothing of it is lost. */
export interface UnknownEvent extends BaseEvent {
  readonly kind: 'unknown';
  readonly contentType?: string;
  readonly reason: UnknownReason;
}

/** Any event; `kind` tells which. */
export type WebhookEvent =
  | OpenEvent
  | ClickEvent
  | DeliveryEvent
  | FailureEvent
  | BounceEvent
  | AbuseEvent
  | UnsubscribeEvent
  | ProfileCreateEvent
  | ProfileUpdateEvent
  | ProfileDeleteEvent
  | SubprofileCreateEvent
  | SubprofileUpdateEvent
  | SubprofileDeleteEvent
  | UnknownEvent;

export type EventKind = WebhookEvent['kind'];

/** The event of a kind. */
export type EventOf<K extends EventKind> = Extract<WebhookEvent, { readonly kind: K }>;

/** Every kind. */
export const eventKinds = [
  'open',
  'click',
  'delivery',
  'failure',
  'bounce',
  'abuse',
  'unsubscribe',
  'profile.create',
  'profile.update',
  'profile.delete',
  'subprofile.create',
  'subprofile.update',
  'subprofile.delete',
  'unknown',
] as const satisfies readonly EventKind[];
