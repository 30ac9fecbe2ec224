import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { InboxError, type InboxErrorCode } from '../errors.js';

const codes: readonly (readonly [RegExp, InboxErrorCode])[] = [
  [/SQLITE_FULL|disk is full|^13$/, 'ERR_INBOX_FULL'],
  [/SQLITE_BUSY|SQLITE_LOCKED|is locked|^[56]$/, 'ERR_INBOX_LOCKED'],
  [/SQLITE_READONLY|readonly database|^8$/, 'ERR_INBOX_READ_ONLY'],
  [/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database|^(11|26)$/, 'ERR_INBOX_CORRUPT'],
  [/SQLITE_CANTOPEN|SQLITE_IOERR|unable to open|I\/O error|ConnectionFailed|^(10|14)$/, 'ERR_INBOX_IO'],
];

/** Names what a driver threw about a file. Its own text may hold values, so only its code is told. */
export function toInboxError(error: unknown, file: string): InboxError {
  if (error instanceof InboxError) return error;
  const { code, errcode, rawCode, message } = (error ?? {}) as Record<string, unknown>;
  // Extended result codes carry the primary one in their low byte.
  const number = typeof errcode === 'number' ? errcode : typeof rawCode === 'number' ? rawCode : undefined;
  const texts = [String(code ?? ''), number === undefined ? '' : String(number & 0xff), String(message ?? '')];
  const found = codes.find(([pattern]) => texts.some((text) => pattern.test(text)));
  const detail = [texts[0], texts[1]].filter((text) => text !== '' && text !== undefined).join(' ');
  const name = found?.[1] ?? 'ERR_INBOX_FAILED';
  // Where even the log cannot be made, SQLite speaks of a file that cannot be opened.
  const isDenied = name === 'ERR_INBOX_IO' && !(mayWrite(file) && mayWrite(dirname(file)));
  return new InboxError(isDenied ? 'ERR_INBOX_READ_ONLY' : name, { ...(detail !== '' && { detail }), cause: error });
}

/** Of what is not there nothing is said. */
function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return !['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
