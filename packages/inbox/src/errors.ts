/** What can be wrong with an inbox, by its stable code. */
export const inboxErrors = {
  ERR_INBOX_FULL: 'There is no room left: the disk is full, or maxWaiting events are waiting.',
  ERR_INBOX_LOCKED: 'Another process holds the database for too long.',
  ERR_INBOX_READ_ONLY: 'The database cannot be written to.',
  ERR_INBOX_CORRUPT: 'The database is damaged, or is none. Keep the file, and restore or export what can be read.',
  ERR_INBOX_GONE: 'The database file was removed or replaced while it was in use.',
  ERR_INBOX_IO: 'The database cannot be opened, read or written: look at the path, the rights and the disk.',
  ERR_INBOX_CONNECTION: 'The database server cannot be reached.',
  ERR_INBOX_SCHEMA_NEWER: 'The database was made by a newer version of this package: upgrade this one.',
  ERR_INBOX_DRIVER_MISSING: 'The client library of the database is not installed.',
  ERR_INBOX_SLOW: 'The database did not answer in time.',
  ERR_INBOX_BUSY: 'More calls wait to be stored than may be held in memory.',
  ERR_INBOX_CLOSED: 'The inbox was closed.',
  ERR_INBOX_IMPORT: 'A line to be imported is not one that export writes.',
  ERR_INBOX_FAILED: 'The database answered with an error.',
} as const;

/** The stable code of what is wrong with an inbox. */
export type InboxErrorCode = keyof typeof inboxErrors;

/** An inbox cannot do what it was asked to. Nothing is half done. */
export class InboxError extends Error {
  override readonly name = 'InboxError';
  readonly code: InboxErrorCode;

  /** @param options.detail - for people: what the database says. It must hold nothing that was received. */
  constructor(code: InboxErrorCode, options: { readonly detail?: string; readonly cause?: unknown } = {}) {
    const { detail, cause } = options;
    super(
      detail === undefined ? inboxErrors[code] : `${inboxErrors[code]} (${detail})`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
  }
}
