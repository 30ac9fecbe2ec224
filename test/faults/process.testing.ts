import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atEnd, id, key, keyId, url } from '../vendor.testing.js';

const script = fileURLToPath(new URL('receiver-process.mjs', import.meta.url));

/** One life of a receiver, and what it has told. */
export interface Life {
  readonly child: ChildProcess;
  readonly to: string;
  /** Keys of events, in the order in which the handler got them; and those that it was through with. */
  readonly begun: string[];
  readonly handled: string[];
  /** How the process ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Resolves when what has been told so far holds. */
  until(holds: () => boolean): Promise<void>;
  isClosing(): boolean;
}

/** Starts a receiver. With `held` its handlers wait for the message `release`; `closeMs` is its patience with them. */
export function startLife({ held = false, closeMs = 10_000 } = {}): Promise<Life> {
  const jwks = { keys: [{ ...key.publicJwk, kid: keyId }] };
  const child = fork(script, [JSON.stringify({ id, url, jwks, held, closeMs })], { stdio: 'inherit' });
  atEnd(() => child.kill('SIGKILL'));
  const begun: string[] = [];
  const handled: string[] = [];
  const waiting = new Set<() => void>();
  let closing = false;
  const ended: Life['ended'] = new Promise((resolve) => {
    // After `close` nothing more comes through the channel.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('ended before it was ready')));
    child.on('message', (said: { port?: number; begun?: string; handled?: string; closing?: boolean }) => {
      if (said.begun !== undefined) begun.push(said.begun);
      if (said.handled !== undefined) handled.push(said.handled);
      if (said.closing) closing = true;
      for (const look of waiting) look();
      if (said.port === undefined) return;
      const until = (holds: () => boolean) =>
        new Promise<void>((done) => {
          const look = () => {
            if (!holds()) return;
            waiting.delete(look);
            done();
          };
          waiting.add(look);
          look();
        });
      const to = `http://127.0.0.1:${said.port}`;
      resolve({ child, to, begun, handled, ended, until, isClosing: () => closing });
    });
  });
}
