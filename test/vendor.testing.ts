import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import {
  createTestKey,
  type EventFields,
  type SendOptions,
  type SignedCall,
  type SignOptions,
  sampleEvent,
  sendRequest,
  signRequest,
} from '@smtpeter-webhooks/sender';
import { type KeySource, pinnedKeys } from '@smtpeter-webhooks/verify';
import { afterEach } from 'vitest';

/** The vendor, as far as a receiver can tell. */
export const key = createTestKey();
export const keyId = 'one._domainkey.copernica.com';
export const id = 'environment-1234';
export const url = 'https://example.com/hooks/smtpeter';
export const path = '/hooks/smtpeter';

export const keys = (): KeySource => pinnedKeys({ keys: [{ ...key.publicJwk, kid: keyId }] });

let number = 0;

/** A genuine call, or one with a change or a fault. Each is of an event of its own. */
export function call(
  change: Partial<SignOptions> & { kind?: Parameters<typeof sampleEvent>[0]; fields?: EventFields } = {},
): SignedCall {
  const { kind = 'open', fields = {}, ...rest } = change;
  const event = rest.body === undefined ? { event: sampleEvent(kind, fields, { number: ++number }) } : {};
  return signRequest({ url, id, key, keyId, ...event, ...rest });
}

export const send = (to: string, what: SignedCall = call(), options: SendOptions = {}) =>
  sendRequest(what, { to, ...options });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Does something at the end of the test. */
export function atEnd(clean: () => unknown): void {
  cleanups.push(clean);
}

/** For servers that live longer than one test: what would be done at the end of it is done at `close`. */
export function closeAtEnd() {
  const own: (() => unknown)[] = [];
  return {
    async run<T>(make: () => Promise<T>): Promise<T> {
      const before = cleanups.length;
      const made = await make();
      own.push(...cleanups.splice(before));
      return made;
    },
    async close(): Promise<void> {
      for (const clean of own.splice(0).reverse()) await clean();
    },
  };
}

/** Lets a server listen on a free port, until the end of the test; gives its address as a URL. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A promise, and the way to resolve it. */
export function signal<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** The text of a call as it is on the wire. */
export function wire(what: SignedCall, more: readonly (readonly [string, string])[] = []): Buffer {
  const lines = [...what.headers, ['X-Forwarded-Proto', 'https'], ...more].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(`${what.method} ${what.target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'),
    Buffer.from(what.body),
  ]);
}

/** Writes octets to a server, and gives all that comes back until it closes the connection. */
export function rawExchange(to: string, ...parts: (Buffer | string)[]): Promise<string> {
  const { hostname, port } = new URL(to);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}

/** A logger that remembers. */
export function memoryLog() {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => {
    lines.push(`${level} ${message}`);
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
