import type { MessageEvent } from '../base-event.js';
import type { KindDefinition } from './kind-definition.js';
import { messageFields, source } from './shared-fields.js';

/** Someone unsubscribed (vendor documentation: unsubscribes webhook, Marketing Suite). Editions differ in what they send. */
export interface UnsubscribeEvent extends MessageEvent {
  readonly kind: 'unsubscribe';
  /** The profile that unsubscribed. */
  readonly profileId?: string;
  /** The database that the profile is in. */
  readonly databaseId?: string;
  /** The mailing that it unsubscribed by. */
  readonly mailingId?: string;
}

export const unsubscribe: KindDefinition<UnsubscribeEvent> = {
  kind: 'unsubscribe',
  type: 'unsubscribe',
  fields: {
    ...messageFields,
    profileId: source('profile', 'text'),
    databaseId: source('database', 'text'),
    mailingId: source('mailing', 'text'),
  },
};
