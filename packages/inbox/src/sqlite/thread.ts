import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { InboxError } from '../errors.js';
import { toInboxError } from './failure.js';
import { type Reply, type Request, reads, writes } from './operations.js';
import { type SessionOptions, SqliteSession } from './session.js';

const MAX_TURN = 64;
const { options, offset } = workerData as { options: SessionOptions; offset: Int32Array };

let session: SqliteSession | undefined;

/** A test's clock runs ahead by so many milliseconds. */
const now = () => Date.now() + Atomics.load(offset, 0);

if (parentPort !== null) serve(parentPort);

function serve(port: MessagePort): void {
  port.on('message', (first: Request | 'close') => {
    const turn: Request[] = [];
    let message: Request | 'close' | undefined = first;
    // Whatever has come meanwhile shares the commit.
    while (message !== undefined && message !== 'close') {
      turn.push(message);
      message = turn.length < MAX_TURN ? (receiveMessageOnPort(port)?.message as Request | 'close') : undefined;
    }
    for (const reply of work(turn)) port.postMessage(reply);
    if (message === 'close') {
      closeSession();
      port.close();
    }
  });
}

function work(turn: readonly Request[]): Reply[] {
  if (turn.length === 0) return [];
  try {
    session ??= new SqliteSession(options, now);
    session.checkFile();
  } catch (error) {
    return giveUp(turn, error);
  }
  const open = session;
  const changing = turn.filter((one) => one.name in writes);
  const looking = turn.filter((one) => one.name in reads);
  const replies = changing.length === 0 ? [] : workInOneCommit(open, changing);
  for (const request of looking) replies.push(attempt(open, request));
  return replies;
}

function workInOneCommit(open: SqliteSession, requests: readonly Request[]): Reply[] {
  const replies: Reply[] = [];
  try {
    open.exec('BEGIN IMMEDIATE');
    for (const request of requests) {
      open.exec('SAVEPOINT one');
      const reply = attempt(open, request);
      // One that failed must leave nothing behind, and the others untouched.
      if ('failed' in reply) open.exec('ROLLBACK TO one');
      open.exec('RELEASE one');
      replies.push(reply);
    }
    open.exec('COMMIT');
    return replies;
  } catch (error) {
    try {
      open.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself.
    }
    return giveUp(requests, error);
  }
}

function attempt(open: SqliteSession, { number, name, args }: Request): Reply {
  try {
    const run = { ...writes, ...reads }[name] as (session: SqliteSession, ...args: readonly unknown[]) => unknown;
    return { number, result: run(open, ...args) };
  } catch (error) {
    return { number, failed: failureOf(error) };
  }
}

/** Nothing of this turn is stored. What is broken may be mended by opening it anew. */
function giveUp(turn: readonly Request[], error: unknown): Reply[] {
  const failed = failureOf(error);
  if (failed.code !== 'ERR_INBOX_LOCKED' && failed.code !== 'ERR_INBOX_FULL') closeSession();
  return turn.map(({ number }) => ({ number, failed }));
}

function failureOf(error: unknown): Extract<Reply, { failed: unknown }>['failed'] {
  if (error instanceof TypeError) return { code: 'TypeError', detail: undefined, text: error.message };
  const known: InboxError = toInboxError(error, options.file);
  const { cause } = known;
  const open = known.message.indexOf('(');
  const detail = open !== -1 && known.message.endsWith(')') ? known.message.slice(open + 1, -1) : undefined;
  return { code: known.code, detail, text: cause instanceof Error ? cause.message : known.message };
}

function closeSession(): void {
  const open = session;
  session = undefined;
  try {
    open?.close();
  } catch {
    // It is closed all the same.
  }
}
