import type { StoredEvent } from '@smtpeter-webhooks/inbox';
import { exitCodes, Failure } from '../failure.js';

/** An event as one line of NDJSON, everything in it: times as ISO 8601, the body in base64. */
export function exportLine(event: StoredEvent): string {
  const { receivedAt, dueAt, settledAt, body, ...rest } = event;
  const iso = (ms: number) => new Date(ms).toISOString();
  return JSON.stringify({
    version: 1,
    ...rest,
    receivedAt: iso(receivedAt),
    dueAt: iso(dueAt),
    settledAt: settledAt === null ? null : iso(settledAt),
    body: Buffer.from(body).toString('base64'),
  });
}

/** The same without header lines and body: for lists. */
export function listLine(event: StoredEvent): string {
  const { headers: _headers, body: _body, version: _version, ...rest } = JSON.parse(exportLine(event));
  return JSON.stringify(rest);
}

/** Reads what `exportLine` wrote. @throws Failure, exit 3. */
export function parseLine(line: string, number: number): StoredEvent {
  try {
    const { version, receivedAt, dueAt, settledAt, body, ...rest } = JSON.parse(line) as Record<string, unknown>;
    if (version !== 1) throw new Error('another version');
    const event = {
      ...rest,
      receivedAt: time(receivedAt),
      dueAt: time(dueAt),
      settledAt: settledAt === null ? null : time(settledAt),
      body: Buffer.from(text(body), 'base64'),
    } as unknown as StoredEvent;
    for (const name of ['kind', 'identity', 'url', 'eventKey'] as const) text(event[name]);
    if (!['waiting', 'running', 'handled', 'dead'].includes(event.state)) throw new Error('no state');
    if (!Array.isArray(event.headers) || !Array.isArray(event.errors)) throw new Error('no lists');
    if (!Number.isSafeInteger(event.attempts)) throw new Error('no attempts');
    return event;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(exitCodes.impossible, 'ERR_INBOX_IMPORT', `Line ${number} is not one that inbox export writes.`);
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no text');
  return value;
}

function time(value: unknown): number {
  const ms = Date.parse(text(value));
  if (Number.isNaN(ms)) throw new Error('no time');
  return ms;
}
