import type { MessageEvent } from '../base-event.js';
import type { EnhancedStatus } from '../enhanced-status.js';
import type { KindDefinition } from './kind-definition.js';
import { answerFields, messageFields } from './shared-fields.js';

/** A mail was taken over by the receiving server (vendor documentation: deliveries webhook). */
export interface DeliveryEvent extends MessageEvent {
  readonly kind: 'delivery';
  /** The SMTP reply code, for instance 250 (RFC 5321 section 4.2). */
  readonly code?: number;
  /** The enhanced status code that came with it (RFC 3463). */
  readonly status?: EnhancedStatus;
  /** The text of the server's answer, written by a stranger. */
  readonly description?: string;
}

export const delivery: KindDefinition<DeliveryEvent> = {
  kind: 'delivery',
  type: 'delivery',
  fields: { ...messageFields, ...answerFields },
};
