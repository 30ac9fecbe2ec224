import type { MessageEvent } from '../base-event.js';
import { bytesOfText } from '../text-bytes.js';
import type { KindDefinition } from './kind-definition.js';
import { messageFields, source } from './shared-fields.js';

/** Someone complained about a mail (vendor documentation: abuse webhook, SMTPeter). */
export interface AbuseEvent extends MessageEvent {
  readonly kind: 'abuse';
  /** Who complains. */
  readonly complainant?: string;
  /** The report, headers and all, written by a stranger. */
  readonly mime?: string;
  /** The octets of `mime`, also where they are not UTF-8. */
  readonly mimeBytes: Uint8Array | undefined;
}

export const abuse: KindDefinition<AbuseEvent> = {
  kind: 'abuse',
  type: 'abuse',
  fields: { ...messageFields, complainant: source('emailfrom', 'text'), mime: source('mime', 'text') },
  derived: { mimeBytes: (event) => bytesOfText(event.mime, 'mime', event.problems) },
};
