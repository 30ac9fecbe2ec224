import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FieldSchemas } from '@smtpeter-webhooks/events';
import { writeAnswer } from './node-answer.js';
import { type NodeOptions, nodeParts } from './node-receiver.js';
import type { Receiver } from './receiver.js';
import { CallRefusedError, type RefusalCode } from './refusals.js';

/** A server of ours, with every limit set. */
export interface WebhookServer extends Pick<Receiver, 'stats'> {
  readonly server: Server;
  /**
   * Resolves once it accepts connections.
   *
   * @param options.port - default 0: a free one.
   * @param options.address - default `127.0.0.1`.
   * @throws Error, as a rejection, with Node's `code`: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`.
   */
  listen(options?: { readonly port?: number; readonly address?: string }): Promise<{ address: string; port: number }>;
  /** Stops accepting, closes idle connections, waits for what is in flight (default at most 10,000 ms), closes the rest. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

const HEAD_MS = 15_000;
const MAX_HEAD_BYTES = 16_384;
const MAX_CONNECTIONS = 4096;

/**
 * Makes a node:http server for webhooks alone: 15 s for the head of a request, 16 KiB of headers, none dropped in
 * silence, `100 Continue` only once the head holds. For HTTPS put a proxy in front, or give `nodeReceiver` to a
 * node:https server of your own.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createWebhookServer<const F extends FieldSchemas, Tx = undefined>(
  options: NodeOptions<F, Tx>,
): WebhookServer {
  const { receiver, isSecure, serve } = nodeParts(options);
  const server = createServer({
    headersTimeout: HEAD_MS,
    // Bodies have limits of their own, which tell more; this one is for requests that nobody reads.
    requestTimeout: HEAD_MS + 2 * (options.bodyTimeoutMs ?? 60_000),
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: 10_000,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  // Node drops header lines beyond 2,000 without a word; the size is limited anyway.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  /** The call that a connection carries at the moment, and the connections on which no HTTP follows any more. */
  const busy = new WeakMap<Socket, IncomingMessage>();
  const broken = new WeakSet<Socket>();
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const take = (request: IncomingMessage, response: ServerResponse, beforeBody?: () => void) => {
    const { socket } = request;
    busy.set(socket, request);
    response.once('close', () => {
      // Calls may stand in line on one connection; the last one in it tells that the line is over.
      if (busy.get(socket) !== request) return;
      busy.delete(socket);
      if (broken.has(socket)) socket.destroySoon();
    });
    serve(request, response, () => {
      if (broken.has(socket) && !request.complete) throw new CallRefusedError('ERR_BODY_ABORTED');
      beforeBody?.();
    });
  };
  server.on('request', (request, response) => take(request, response));
  server.on('checkContinue', (request, response) => take(request, response, () => response.writeContinue()));
  server.on('checkExpectation', async (request, response) => {
    const head = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.rawHeaders,
      secure: isSecure(request),
    };
    const call = { head, remoteAddress: request.socket.remoteAddress };
    writeAnswer(request, response, { ...(await receiver.refuse('ERR_EXPECTATION', call)), close: true });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const request = busy.get(socket);
    if (request === undefined) {
      void refuseUnreadable(receiver, codeOf(error), socket);
      return;
    }
    // The call under way is answered, and learns that the rest of its body will not come; nothing follows it.
    broken.add(socket);
    if (!request.complete) request.emit('error', error);
  });
  return {
    server,
    listen: (where) => listen(server, where),
    close: (how) => close(server, () => [...open].filter((one) => !busy.has(one)), receiver, how),
    stats: receiver.stats,
  };
}

/** Node's errors of its HTTP parser. */
function codeOf(error: NodeJS.ErrnoException): RefusalCode {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'ERR_HEADERS_TOO_LARGE';
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'ERR_REQUEST_TIMEOUT' : 'ERR_HTTP_UNREADABLE';
}

/** There is no request and no response; what is written is all there is. */
async function refuseUnreadable(receiver: Receiver, code: RefusalCode, socket: Socket): Promise<void> {
  const head = { method: '', target: '', headers: [], secure: false };
  const answer = await receiver.refuse(code, { head, remoteAddress: socket.remoteAddress });
  if (!socket.writable) return;
  const headers = { ...answer.headers, 'Content-Length': answer.body.length, Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${answer.body}`,
  );
  const timer = setTimeout(() => socket.destroy(), 1000);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

function listen(server: Server, { port = 0, address = '127.0.0.1' } = {}): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      const bound = server.address() as AddressInfo;
      resolve({ address: bound.address, port: bound.port });
    });
  });
}

async function close(
  server: Server,
  withoutCall: () => readonly Socket[],
  receiver: Receiver,
  { timeoutMs = 10_000 } = {},
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Node counts a connection on which nothing was sent yet as busy. (On Bun, seen in 1.4.5, bytesRead is 0 in any case.)
  for (const socket of withoutCall()) if (socket.bytesRead === 0) socket.destroy();
  await receiver.close({ timeoutMs });
  // The last answers are on their way; a connection is idle once its answer is written.
  const patience = setTimeout(() => server.closeAllConnections(), 1000);
  server.closeIdleConnections();
  await closed;
  clearTimeout(patience);
}
