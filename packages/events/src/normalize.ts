import type { EnhancedStatus } from './enhanced-status.js';
import type { WebhookEvent } from './event.js';
import type { FieldSchemas } from './field-schemas.js';
import { readReturnedMessage } from './returned-message.js';

/** What happened, in django-anymail's words. */
export type NormalizedType =
  | 'queued'
  | 'sent'
  | 'rejected'
  | 'failed'
  | 'bounced'
  | 'deferred'
  | 'delivered'
  | 'autoresponded'
  | 'opened'
  | 'clicked'
  | 'complained'
  | 'unsubscribed'
  | 'subscribed'
  | 'inbound'
  | 'unknown';

/** Why a message did not arrive, or is not wanted, in django-anymail's words. */
export type NormalizedReason = 'invalid' | 'bounced' | 'timed_out' | 'blocked' | 'spam' | 'unsubscribed' | 'other';

/** An event in the words of those who know other providers. */
export interface NormalizedEvent {
  readonly type: NormalizedType;
  /** Null where there is nothing to give a reason for. */
  readonly reason: NormalizedReason | null;
  /** What the receiving mail server answered: code, status and text, as far as they came. Null when nothing did. */
  readonly mtaResponse: string | null;
  /** A text for people that came with the event. Null when none did. */
  readonly description: string | null;
}

/**
 * A neutral view of an event about a message, for those who know other providers. Null for events about profiles. The
 * vendor never sends some of the types: nothing here is ever `queued`, `sent`, `rejected`, `subscribed` or `inbound`.
 */
export function normalize<F extends FieldSchemas>(event: WebhookEvent<F>): NormalizedEvent | null {
  return viewOf(event as unknown as WebhookEvent);
}

function viewOf(event: WebhookEvent): NormalizedEvent | null {
  switch (event.kind) {
    case 'open':
      return view('opened');
    case 'click':
      return view('clicked');
    case 'delivery':
      return view('delivered', null, answerOf(event), event.description);
    case 'failure': {
      const answered = event.code !== undefined || event.status !== undefined || event.state === 'bounce';
      const reason = answered ? reasonOf(event.status) : 'other';
      return view(answered ? 'bounced' : 'failed', reason, answerOf(event), event.description);
    }
    case 'bounce': {
      const { type, status, answer } = readReturnedMessage(event.mime ?? '');
      const reason = type === 'bounced' || type === 'deferred' ? reasonOf(status) : null;
      return view(type, reason, answer ?? status?.text);
    }
    case 'abuse':
      return view('complained', 'spam');
    case 'unsubscribe':
      return view('unsubscribed', 'unsubscribed');
    case 'unknown':
      return view('unknown');
    default:
      return null;
  }
}

function view(
  type: NormalizedType,
  reason: NormalizedReason | null = null,
  mtaResponse?: string,
  description?: string,
): NormalizedEvent {
  return { type, reason, mtaResponse: mtaResponse ?? null, description: description ?? null };
}

function answerOf(event: {
  readonly code?: number;
  readonly status?: EnhancedStatus;
  readonly description?: string;
}): string | undefined {
  const parts = [event.code, event.status?.text, event.description].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** By RFC 3463 section 3: 1 is about the address, 4 about the way there, 7 about policy. */
function reasonOf(status: EnhancedStatus | undefined): NormalizedReason {
  switch (status?.subject) {
    case undefined:
      return 'bounced';
    case 1:
      return 'invalid';
    case 4:
      return 'timed_out';
    case 7:
      return 'blocked';
    default:
      return 'bounced';
  }
}
