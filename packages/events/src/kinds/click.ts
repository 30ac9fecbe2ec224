import type { VisitEvent } from '../base-event.js';
import { safeUrl } from '../safe-url.js';
import type { KindDefinition } from './kind-definition.js';
import { messageFields, source, visitFields } from './shared-fields.js';

/** A link in a mail was clicked (vendor documentation: clicks webhook). */
export interface ClickEvent extends VisitEvent {
  readonly kind: 'click';
  /** Where the reader went. As text: it may be anything. */
  readonly originalUrl?: string;
  /** The rewritten link that was clicked, in older editions. As text: it may be anything. */
  readonly trackedUrl?: string;
  /** `originalUrl` as a URL, when it is an absolute one of http or https without a user name. */
  readonly parsedOriginalUrl: URL | undefined;
  /** `trackedUrl` as a URL, likewise. */
  readonly parsedTrackedUrl: URL | undefined;
}

export const click: KindDefinition<ClickEvent> = {
  kind: 'click',
  type: 'click',
  fields: {
    ...messageFields,
    ...visitFields,
    originalUrl: source('original', 'text'),
    trackedUrl: source('url', 'text'),
  },
  derived: {
    parsedOriginalUrl: (event) => safeUrl(event.originalUrl),
    parsedTrackedUrl: (event) => safeUrl(event.trackedUrl),
  },
};
