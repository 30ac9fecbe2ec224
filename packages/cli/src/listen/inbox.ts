import type { StoredInbox } from '@smtpeter-webhooks/inbox';
import type { HandlerContext, WebhookEvent } from '@smtpeter-webhooks/receiver';
import { misuse } from '../failure.js';
import { openInbox, toFailure } from '../inbox/open-inbox.js';
import type { TappedCall } from './call-tap.js';
import type { ListenOptions } from './options.js';

/** Opens the inbox that was asked for, and makes sure of it. @throws Failure */
export async function listenInbox(options: ListenOptions): Promise<StoredInbox<unknown> | undefined> {
  const { inbox: address, orderBy, schema } = options;
  if (address === undefined) {
    for (const name of ['orderBy', 'concurrency', 'maxAttempts', 'retryMs'] as const)
      if (options[name] !== undefined)
        throw misuse('--order-by, --concurrency, --max-attempts and --retry-ms need --inbox.');
    return undefined;
  }
  const inbox = await openInbox(address, {
    ...(orderBy !== undefined && { orderBy: (event: WebhookEvent) => field(event, orderBy) }),
    ...(schema !== undefined && { schema }),
  });
  // A wrong path is told now, not with the first call.
  await inbox.stats().catch((error: unknown) => {
    throw toFailure(error);
  });
  return inbox;
}

/** How the inbox's worker works. */
export function workOptions({ concurrency, maxAttempts, retryMs }: ListenOptions) {
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(retryMs !== undefined && { retryMs }),
  };
}

/**
 * The call that a kept event came with, as it came, to be passed on: `Idempotency-Key` is the event's key, and
 * `X-Webhook-Attempt` the number of the attempt, from 1.
 */
export function keptCall(event: WebhookEvent, context: HandlerContext<unknown>): TappedCall {
  const own = ['idempotency-key', 'x-webhook-attempt'];
  const headers = context.headers.filter((_, i, all) => !own.includes((all[i - (i % 2)] ?? '').toLowerCase()));
  return {
    method: 'POST',
    target: context.url.replace(/^https?:\/\/[^/?]*/, '') || '/',
    headers: [...headers, 'Idempotency-Key', event.key, 'X-Webhook-Attempt', String(context.attempt)],
    receivedAt: context.receivedAt,
    body: () => Buffer.from(event.body),
    complete: () => true,
    ended: () => Promise.resolve(),
  };
}

function field(event: WebhookEvent, name: string): string | undefined {
  const value: unknown = (event as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
