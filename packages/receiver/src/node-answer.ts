import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Answer } from './answer.js';

/** A body that was refused unread is still read away when it says that it is no larger, so that the connection can be kept. */
const SMALL_BYTES = 65_536;
/** How long a small body may take. */
const DRAIN_MS = 5000;
/** A connection that is closed while its client still sends is read from so long, so that the answer arrives. */
const LINGER_MS = 1000;

/** Answers, and sees to what is left of the request's body. */
export function writeAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  if (request.httpVersionMajor > 1) {
    writeStreamAnswer(request as unknown as Http2ServerRequest, response as unknown as Http2ServerResponse, answer);
    return;
  }
  const unread = !request.complete && !request.readableEnded;
  const close = answer.close || (unread && !isDrainable(request));
  if (unread) {
    if (close) linger(request.socket);
    else drain(request);
  }
  response.writeHead(answer.status, close ? { ...headersOf(answer), Connection: 'close' } : headersOf(answer));
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

/** Most answers are one of a few objects, given over and over. */
const known = new WeakMap<Answer, Readonly<Record<string, string | number>>>();

function headersOf(answer: Answer): Readonly<Record<string, string | number>> {
  let headers = known.get(answer);
  if (headers === undefined) {
    headers = { ...answer.headers, 'Content-Length': answer.body.length };
    known.set(answer, headers);
  }
  return headers;
}

/** HTTP/2 has a stream for each request: what is left of a body is that stream's alone, and is not waited for. */
function writeStreamAnswer(request: Http2ServerRequest, response: Http2ServerResponse, answer: Answer): void {
  const { stream } = response;
  // RFC 9113 section 8.1: an answer may come before the whole request, which the client is then asked not to send.
  // The stream's own end: the response tells of its end only once the stream is closed.
  if (!request.complete) stream.once('finish', () => endStream(stream));
  response.writeHead(answer.status, headersOf(answer));
  response.end(request.method === 'HEAD' ? '' : answer.body);
}

function endStream(stream: Http2ServerResponse['stream']): void {
  stream.close(constants.NGHTTP2_NO_ERROR);
  // One that was read from, and is paused, would otherwise stay for what nobody reads any more.
  stream.resume();
}

/** Small, and surely on its way: a client that asked whether to send its body may now leave it out. */
function isDrainable(request: IncomingMessage): boolean {
  const declared = request.headers['content-length'];
  return declared !== undefined && Number(declared) <= SMALL_BYTES && request.headers.expect === undefined;
}

/** Answered before their body was read, in this turn of the event loop. */
let answeredUnread: IncomingMessage[] = [];

/**
 * Node reads the rest away once the response has ended; {@link DRAIN_MS} is how long that may take. The rest of nearly
 * all of them is there by the next turn: only those that are still on their way then get a timer.
 */
function drain(request: IncomingMessage): void {
  if (answeredUnread.push(request) > 1) return;
  setImmediate(() => {
    const requests = answeredUnread;
    answeredUnread = [];
    for (const one of requests) if (!one.complete && isConnected(one)) endIfSlow(one);
  });
}

/** A request that a test injects into an app has a socket only by name. */
const isConnected = ({ socket }: IncomingMessage) => typeof socket.destroy === 'function' && !socket.destroyed;

function endIfSlow(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), DRAIN_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
}

/**
 * Node closes the socket as soon as the last response is written. With bytes of the client still on their way, that
 * makes the kernel reset the connection, and the client may lose the answer. So: end our side, read on a little, close.
 */
function linger(socket: Socket): void {
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    timer.unref();
    socket.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  };
}
