import { createServer } from 'node:http';
import { type SignedCall, sendRequest } from '@smtpeter-webhooks/sender';
import { listening } from '../vendor.testing.js';

/** A call on its way through a proxy. */
export interface Passing {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Buffer;
}

/** Starts a proxy that passes calls on after something has happened to them. Gives its address. */
export function accidentProxy(to: string, happen: (call: Passing) => void): Promise<string> {
  return listening(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const headers = request.rawHeaders.flatMap((name, i): [string, string][] =>
          i % 2 === 0 && name.toLowerCase() !== 'connection' ? [[name, request.rawHeaders[i + 1] ?? '']] : [],
        );
        const call: Passing = {
          method: request.method ?? '',
          target: request.url ?? '',
          headers,
          body: Buffer.concat(chunks),
        };
        happen(call);
        const result = await sendRequest({ ...call, url: to } satisfies SignedCall, { to }).catch(() => ({
          status: 502,
          body: '',
        }));
        response.writeHead(result.status);
        response.end(result.body);
      });
    }),
  );
}

/** Replaces a header, or with undefined drops it. */
export function setHeader(call: Passing, name: string, value: string | undefined): void {
  const at = call.headers.findIndex(([one]) => one.toLowerCase() === name.toLowerCase());
  if (at === -1 && value !== undefined) call.headers.push([name, value]);
  else if (value === undefined) call.headers.splice(at, at === -1 ? 0 : 1);
  else call.headers.splice(at, 1, [call.headers[at]?.[0] ?? name, value]);
}

/** Replaces the body, with its Content-Length as every proxy does. */
export function setBody(call: Passing, body: Buffer | string): void {
  call.body = Buffer.from(body);
  setHeader(call, 'Content-Length', String(call.body.length));
}
