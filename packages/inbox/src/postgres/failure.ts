import { InboxError, type InboxErrorCode } from '../errors.js';

const states: readonly (readonly [RegExp, InboxErrorCode])[] = [
  [/^53100$/, 'ERR_INBOX_FULL'],
  [/^(08|57P0|53300)/, 'ERR_INBOX_CONNECTION'],
  [/^(25006|42501)$/, 'ERR_INBOX_READ_ONLY'],
  [/^(55P03|57014|40001|40P01)$/, 'ERR_INBOX_LOCKED'],
  [/^(XX00[12]|58)/, 'ERR_INBOX_CORRUPT'],
];

/** Names what PostgreSQL, or the way to it, said. Its own text may hold values, so only its code is told. */
export function toInboxError(error: unknown): InboxError {
  if (error instanceof InboxError) return error;
  const { code = '' } = (error ?? {}) as { code?: unknown };
  const text = String(code);
  if (text === 'ERR_MODULE_NOT_FOUND' || text === 'MODULE_NOT_FOUND')
    return new InboxError('ERR_INBOX_DRIVER_MISSING', { detail: 'npm install pg', cause: error });
  const isState = /^[0-9A-Z]{5}$/.test(text) && /\d/.test(text);
  const found = isState ? states.find(([pattern]) => pattern.test(text))?.[1] : 'ERR_INBOX_CONNECTION';
  return new InboxError(found ?? 'ERR_INBOX_FAILED', { ...(text !== '' && { detail: text }), cause: error });
}

/** What is over by itself when it is tried again: serialization failures, deadlocks, a row that came at the same time. */
export function isPassing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === '40001' || code === '40P01' || code === '23505';
}
