import type { AcceptOptions, StoredInbox } from '@smtpeter-webhooks/inbox';
import { exitCodes, Failure, misuse } from '../failure.js';

/**
 * Opens the inbox at an address: `sqlite:file`, `postgres://…`.
 *
 * @throws Failure of misuse when it is none.
 */
export async function openInbox(
  address: string,
  options: AcceptOptions & { readonly schema?: string } = {},
): Promise<StoredInbox<unknown>> {
  if (address.startsWith('sqlite:') && address.length > 'sqlite:'.length) {
    const { sqliteInbox } = await import('@smtpeter-webhooks/inbox/sqlite');
    return sqliteInbox({ ...options, file: address.slice('sqlite:'.length) }) as StoredInbox<unknown>;
  }
  if (/^postgres(ql)?:\/\//.test(address)) {
    const { postgresInbox } = await import('@smtpeter-webhooks/inbox/postgres');
    return postgresInbox({ ...options, url: address }) as StoredInbox<unknown>;
  }
  throw misuse('--inbox takes sqlite:file, or postgres://….');
}

/** Does something with an inbox, and closes it. @throws Failure, exit 3, with the inbox's own code. */
export async function withInbox<T>(
  address: string,
  options: { readonly schema?: string },
  use: (inbox: StoredInbox<unknown>) => Promise<T>,
): Promise<T> {
  const inbox = await openInbox(address, options);
  try {
    return await use(inbox);
  } catch (error) {
    throw toFailure(error);
  } finally {
    await inbox.close({ timeoutMs: 0 }).catch(() => {});
  }
}

/** What an inbox cannot do, as the program says it. */
export function toFailure(error: unknown): unknown {
  if (error instanceof Error && error.name === 'InboxError' && 'code' in error) {
    return new Failure(exitCodes.impossible, String(error.code), error.message);
  }
  return error;
}
