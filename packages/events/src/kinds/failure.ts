import type { MessageEvent } from '../base-event.js';
import type { EnhancedStatus } from '../enhanced-status.js';
import type { KindDefinition } from './kind-definition.js';
import { answerFields, messageFields, source } from './shared-fields.js';

/** A mail could not be delivered (vendor documentation: failures webhook). */
export interface FailureEvent extends MessageEvent {
  readonly kind: 'failure';
  /** The vendor writes `failure` or `failed`; here both are `failure`. */
  readonly action?: string;
  /** The phase of the SMTP dialogue; `bounce` when the failure came afterwards, by mail. */
  readonly state?: string;
  /** The SMTP reply code, for instance 550 (RFC 5321 section 4.2). */
  readonly code?: number;
  /** The enhanced status code that came with it (RFC 3463). */
  readonly status?: EnhancedStatus;
  /** The text of the server's answer, written by a stranger. */
  readonly description?: string;
}

export const failure: KindDefinition<FailureEvent> = {
  kind: 'failure',
  type: 'failure',
  fields: {
    ...messageFields,
    action: source('action', 'failureAction'),
    state: source('state', 'text'),
    ...answerFields,
  },
};
