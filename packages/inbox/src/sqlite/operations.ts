import { accept, countRepeats } from './accept.js';
import { claim } from './claim.js';
import type { SqlValue } from './driver.js';
import { expire, owners, renew } from './leases.js';
import { countWaiting, list, stats } from './look.js';
import { importEvents, park, prune, retry, sweep } from './mend.js';
import type { SqliteSession } from './session.js';
import { commit, settle } from './settle.js';

/** A handler's look at what is committed. */
function select(session: SqliteSession, sql: string, values: readonly SqlValue[]): unknown[] {
  return session.allUser(sql, values);
}

function dataVersion(session: SqliteSession): number {
  return session.dataVersion();
}

function wipe(session: SqliteSession): boolean {
  return session.emptyLog();
}

/** What changes the database. All that wait are done in one commit. */
export const writes = {
  accept,
  countRepeats,
  claim,
  renew,
  settle,
  commit,
  expire,
  sweep,
  retry,
  park,
  prune,
  importEvents,
};

/** What only looks, or must not be in a transaction. */
export const reads = { owners, countWaiting, stats, list, select, dataVersion, wipe };

type Operations = typeof writes & typeof reads;

export type OperationName = keyof Operations;

/** What an operation takes besides the session. */
export type OperationArguments<N extends OperationName> = Operations[N] extends (
  session: SqliteSession,
  ...rest: infer A
) => unknown
  ? A
  : never;

export type OperationResult<N extends OperationName> = ReturnType<Operations[N]>;

/** What the thread is asked. */
export interface Request {
  readonly number: number;
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** What it answers. */
export type Reply =
  | { readonly number: number; readonly result: unknown }
  | {
      readonly number: number;
      readonly failed: { readonly code: string; readonly detail: string | undefined; readonly text: string };
    };
