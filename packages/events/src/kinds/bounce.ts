import type { MessageEvent } from '../base-event.js';
import { bytesOfText } from '../text-bytes.js';
import type { KindDefinition } from './kind-definition.js';
import { messageFields, source } from './shared-fields.js';

/**
 * A message came back to the envelope address: a failure report, an out-of-office reply, or anything else (vendor
 * documentation: bounces webhook).
 */
export interface BounceEvent extends MessageEvent {
  readonly kind: 'bounce';
  /** The envelope address that it came back to. */
  readonly envelope?: string;
  /** The MAIL FROM of the message that came back, in older editions. */
  readonly mailFrom?: string;
  /** The RCPT TO of the message that came back, in older editions. */
  readonly rcptTo?: string;
  /** The message itself, headers and all, written by a stranger. */
  readonly mime?: string;
  /** The octets of `mime`, also where they are not UTF-8. */
  readonly mimeBytes: Uint8Array | undefined;
}

export const bounce: KindDefinition<BounceEvent> = {
  kind: 'bounce',
  type: 'bounce',
  fields: {
    ...messageFields,
    envelope: source('envelope', 'text'),
    mailFrom: source('mailfrom', 'text'),
    rcptTo: source('rcptto', 'text'),
    mime: source('mime', 'text'),
  },
  derived: { mimeBytes: (event) => bytesOfText(event.mime, 'mime', event.problems) },
};
