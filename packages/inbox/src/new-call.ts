import { createHash } from 'node:crypto';
import type { WebhookEvent } from '@smtpeter-webhooks/events';
import type { InboxCall } from '@smtpeter-webhooks/receiver';
import type { AcceptSettings } from './accept-options.js';
import type { NewCall } from './store.js';

/**
 * Makes what is stored of a call; undefined when it is not wanted. The event is read only for what the store should
 * know about it: when a parser or one of the user's functions fails, the call is kept all the same.
 */
export function newCallOf(
  call: InboxCall,
  settings: AcceptSettings,
  onError: (error: unknown) => void,
): NewCall | undefined {
  const event = attempt(() => call.parse(), onError);
  const known = event !== undefined && !(event.kind === 'unknown' && event.raw === undefined) ? event : undefined;
  const ask = <T>(question: ((event: WebhookEvent) => T) | null | undefined): T | undefined =>
    known === undefined || typeof question !== 'function' ? undefined : attempt(() => question(known), onError);
  if (ask(settings.accept) === false) return undefined;
  const ownKey = ask(settings.eventKey);
  const orderKey = ask(settings.orderBy);
  const receivedAt = call.receivedAt.getTime();
  return {
    body: call.body,
    contentType: call.contentType === undefined ? null : storable(call.contentType),
    contentTypeSigned: call.contentTypeSigned,
    headers: call.headers,
    identity: call.identity,
    url: call.url,
    receivedAt,
    eventKey: typeof ownKey === 'string' ? hash(`${call.identity}\nown\n${ownKey}`) : call.eventKey,
    eventKeyUntil: settings.eventKey === null ? null : receivedAt + settings.eventKeyMs,
    replayKey: call.replayKey,
    replayUntil: Math.round(call.replayUntil),
    kind: event?.kind ?? 'unknown',
    recipient: event !== undefined && 'recipient' in event ? storable(event.recipient) : null,
    orderKey: storable(orderKey),
  };
}

function attempt<T>(run: () => T, onError: (error: unknown) => void): T | undefined {
  try {
    return run();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/** PostgreSQL's texts hold no NUL, and no half of a surrogate pair; an index no more than some kilobytes. */
function storable(text: string | undefined): string | null {
  if (typeof text !== 'string' || text === '') return null;
  const clean = wellFormed(text.replaceAll('\0', '\ufffd'));
  return clean.length <= 500 ? clean : `${wellFormed(clean.slice(0, 400))}#${hash(clean)}`;
}

const wellFormed = (text: string) => Buffer.from(text).toString();

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
