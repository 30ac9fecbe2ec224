import type { IpAddress } from './ip-address.js';
import type { Problem } from './problem.js';
import type { RawObject } from './raw.js';

/** What every event has. */
export interface BaseEvent {
  /** Every field under the vendor's own name, those that are not known here too. Without prototypes. */
  readonly raw?: RawObject;
  /** The exact bytes of the body. Empty for an event that was read back from JSON, unless it is `unknown`. */
  readonly body: Uint8Array;
  /** Whose event it is: `environment-1234` or `account-1234`. */
  readonly identity: string;
  /** The same whenever the same event is sent: 64 hexadecimal digits. */
  readonly key: string;
  /** When it happened: the vendor's `time`, or else its `timestamp`, read in the configured zone. */
  readonly occurredAt?: Date;
  /** The vendor's `timestamp` as it came: `YYYY-MM-DD HH:MM:SS`, in a zone that is not told. */
  readonly timestampText?: string;
  /** What could not be read; empty when all is well. At most 100. */
  readonly problems: readonly Problem[];
}

/** What every event of a known kind has. */
export interface KnownEvent extends BaseEvent {
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

/** What opens and clicks have. */
export interface VisitEvent extends MessageEvent {
  /** From where; often a proxy of the mail provider, or a scanner. */
  readonly ip?: IpAddress;
  /** The User-Agent header of the request, written by a stranger. */
  readonly userAgent?: string;
  /** The Referer header of the request, written by a stranger. */
  readonly referer?: string;
}
