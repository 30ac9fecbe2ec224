import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldSchemas, ReceiverOptions } from '@smtpeter-webhooks/receiver';
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
