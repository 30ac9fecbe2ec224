import type { StoredEvent } from '@smtpeter-webhooks/inbox';
import { terminalJson } from '../terminal-text.js';

const iso = (ms: number) => new Date(ms).toISOString();

/** An event as one line of NDJSON, everything in it: times as ISO 8601, the body in base64. */
export function exportLine(event: StoredEvent): string {
  return terminalJson({ ...listed(event), headers: event.headers, body: Buffer.from(event.body).toString('base64') });
}

/** The same without header lines and body: for lists. */
export function listLine(event: StoredEvent): string {
  const { version: _version, ...rest } = listed(event);
  return terminalJson(rest);
}

function listed(event: StoredEvent) {
  const { receivedAt, dueAt, settledAt, body: _body, headers: _headers, ...rest } = event;
  return {
    version: 1,
    ...rest,
    receivedAt: iso(receivedAt),
    dueAt: iso(dueAt),
    settledAt: settledAt === null ? null : iso(settledAt),
  };
}
