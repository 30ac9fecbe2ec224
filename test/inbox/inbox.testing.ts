import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebhookEvent } from '@smtpeter-webhooks/events';
import type { NewCall } from '@smtpeter-webhooks/inbox';
import type { FieldSchemas, Inbox, InboxCall, ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';
import { atEnd, id, keys, url } from '../vendor.testing.js';

/** A directory of the test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'inbox-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A path for a database file. */
export const databaseFile = () => join(folder(), 'webhooks.db');

/** A name that no other test has. */
export const uniqueName = (prefix: string) => `${prefix}_${randomBytes(6).toString('hex')}`;

/** A receiver with an inbox, on a free port. */
export async function serve<Tx>(options: Partial<ReceiverOptions<FieldSchemas, Tx>>): Promise<{
  readonly to: string;
  readonly server: ReturnType<typeof createWebhookServer>;
}> {
  const server = createWebhookServer<FieldSchemas, Tx>({
    id,
    url,
    keys: keys(),
    trustProxy: 'loopback',
    log: false,
    ...options,
  });
  const { port } = await server.listen();
  atEnd(() => server.close({ timeoutMs: 1000 }));
  return { to: `http://127.0.0.1:${port}`, server };
}

/** Asks until the answer is there, for so long at most. */
export async function until<T>(ask: () => T | Promise<T>, what = 'it', limitMs = 25_000): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as NonNullable<T>;
    if (performance.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A verified open event as the receiver hands it to an inbox, for tests of what comes after. */
export function verifiedCall(number: number, recipient: string): InboxCall {
  const body = Buffer.from(`type=open&id=${number}&recipient=${encodeURIComponent(recipient)}`);
  return {
    body,
    contentType: 'application/x-www-form-urlencoded',
    contentTypeSigned: true,
    headers: ['Host', 'example.com'],
    identity: id,
    url,
    receivedAt: new Date(),
    eventKey: createHash('sha256').update(body).digest('hex'),
    replayKey: randomBytes(16),
    replayUntil: Date.now() + 600_000,
    parse: () => ({ kind: 'open', recipient, id: `${number}` }) as WebhookEvent,
  };
}

/** A call as an inbox hands it to its store. */
export function newCall(change: Partial<NewCall> = {}): NewCall {
  const { body, contentType, replayKey, replayUntil, eventKey, headers, identity } = verifiedCall(0, 'a@example.com');
  return {
    body,
    contentType: contentType ?? null,
    contentTypeSigned: true,
    headers,
    identity,
    url,
    receivedAt: Date.now(),
    eventKey,
    eventKeyUntil: null,
    replayKey,
    replayUntil: Math.round(replayUntil),
    kind: 'open',
    recipient: 'a@example.com',
    orderKey: null,
    ...change,
  };
}

/** Keeps so many events in an inbox, of so many recipients in turn. */
export async function keep(inbox: Pick<Inbox, 'accept'>, count: number, recipients = 1): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, i) => inbox.accept(verifiedCall(i, `r${i % recipients}@example.com`))),
  );
}
