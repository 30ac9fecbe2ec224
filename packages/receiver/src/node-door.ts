import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { RequestHead } from '@smtpeter-webhooks/verify';
import type { IncomingCall } from './incoming-call.js';
import { writeAnswer } from './node-answer.js';
import { isConsumed, readNodeBody } from './node-body.js';
import type { Receiver } from './receiver.js';

/** What a door knows that the request does not say. */
export interface NodeCallOptions {
  readonly secure: boolean;
  /** The target as received; default `request.url`, which routers shorten. */
  readonly target?: string | undefined;
  /** See {@link IncomingCall.checkPath}. */
  readonly checkPath: boolean;
  /** Called before the body is read, and only if it is: a server of ours says `100 Continue` here. */
  readonly beforeBody?: (() => void) | undefined;
}

/** Takes one request of node:http through a receiver. The response is its business from here on. */
export function serveNodeCall(
  receiver: Receiver,
  request: IncomingMessage,
  response: ServerResponse,
  options: NodeCallOptions,
): Promise<void> {
  listenForErrors(request, response);
  // Another middleware may have put something into the response that throws: then the client sees the connection end.
  return receiver
    .handle(nodeCall(request, options))
    .then((answer) => writeAnswer(request, response, answer))
    .catch(() => void request.socket.destroy());
}

/** Without a listener an error of the connection would end the process; what it means for the call is told elsewhere. */
export function listenForErrors(request: IncomingMessage, response: ServerResponse): void {
  response.on('error', ignore);
  request.on('error', ignore);
}

function ignore(): void {}

/** A request of node:http as the pipeline takes it. */
export function nodeCall(
  request: IncomingMessage,
  { secure, target, checkPath, beforeBody }: NodeCallOptions,
): IncomingCall {
  return {
    head: nodeHead(request, { secure, target }),
    remoteAddress: request.socket.remoteAddress,
    bodyConsumed: isConsumed(request),
    checkPath,
    readBody(limits) {
      beforeBody?.();
      return readNodeBody(request, limits);
    },
  };
}

/** What was signed of a request, as node:http gives it. */
export function nodeHead(
  request: IncomingMessage,
  { secure, target }: { readonly secure: boolean; readonly target?: string | undefined },
): RequestHead {
  const headers = request.httpVersionMajor > 1 ? headersOfStream(request.rawHeaders) : request.rawHeaders;
  return { method: request.method ?? '', target: target ?? request.url ?? '', headers, secure };
}

/**
 * HTTP/2 has the request line in pseudo-headers, and `:authority` in place of Host (RFC 9113 section 8.3.1). Where both
 * are there they must agree: then there is one Host, and else two, which no check takes.
 */
function headersOfStream(lines: readonly string[]): string[] {
  const headers: string[] = [];
  let authority: string | undefined;
  let host: string | undefined;
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [name = '', value = ''] = lines.slice(i, i + 2);
    if (name === ':authority') authority = value;
    if (name === 'host') host = value;
    if (!name.startsWith(':')) headers.push(name, value);
  }
  if (authority !== undefined && authority !== host) headers.push('host', authority);
  return headers;
}

/** True on a TLS connection. */
export function isEncrypted(request: IncomingMessage): boolean {
  return (request.socket as TLSSocket).encrypted === true;
}
