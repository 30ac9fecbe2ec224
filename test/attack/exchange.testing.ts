import { connect } from 'node:net';

/** Answers that came back on one connection. */
export interface Answers {
  readonly statuses: readonly number[];
  /** All that was received. */
  readonly text: string;
}

const GIVE_UP_MS = 20_000;

/** When a client has seen enough. */
export interface ExchangeOptions {
  /** So many answers; default 1. The server may close the connection earlier. */
  readonly answers?: number;
  /** The client ends its side when it has sent everything, and waits for the end. */
  readonly cut?: boolean;
}

/**
 * Writes octets to a server, and gives the answers that come. Rejects when neither an answer nor the end of the
 * connection comes: a client that was left alone.
 */
export function exchange(to: string, octets: Buffer, options: ExchangeOptions = {}): Promise<Answers> {
  const { answers = 1, cut = false } = options;
  const { hostname, port } = new URL(to);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    let text = '';
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('no answer, and the connection stays open'));
    }, GIVE_UP_MS);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!cut && statusesOf(text).length >= answers && text.endsWith('\n')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ statuses: statusesOf(text), text });
    });
    if (cut) socket.end(octets);
    else socket.write(octets);
  });
}

/** Of the final answers; every body of ours ends with a line feed. */
function statusesOf(text: string): number[] {
  const all = [...text.matchAll(/(?:^|\n)HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  return all.filter((status) => status !== 100);
}
