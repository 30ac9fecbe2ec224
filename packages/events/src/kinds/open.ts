import type { VisitEvent } from '../base-event.js';
import { safeUrl } from '../safe-url.js';
import type { KindDefinition } from './kind-definition.js';
import { messageFields, source, visitFields } from './shared-fields.js';

/** A mail was opened: its image was fetched (vendor documentation: opens webhook). */
export interface OpenEvent extends VisitEvent {
  readonly kind: 'open';
  /** The address of the image, in older editions. As text: it may be anything. */
  readonly originalUrl?: string;
  /** `originalUrl` as a URL, when it is an absolute one of http or https without a user name. */
  readonly parsedOriginalUrl: URL | undefined;
}

export const open: KindDefinition<OpenEvent> = {
  kind: 'open',
  type: 'open',
  fields: { ...messageFields, ...visitFields, originalUrl: source('url', 'text') },
  derived: { parsedOriginalUrl: (event) => safeUrl(event.originalUrl) },
};
