import { createServer, type IncomingMessage } from 'node:http';
import { webhooks } from '@smtpeter-webhooks/express';
import type { ReceiverOptions, ReceiverStats } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { createWebhookServer, nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import express from 'express';
import express4 from 'express4';
import { atEnd, listening, path } from './vendor.testing.js';

/** A receiver behind a door, on a real socket. */
export interface OpenDoor {
  readonly to: string;
  close(options?: { timeoutMs?: number }): Promise<void>;
  stats(): ReceiverStats;
}

export type DoorName = 'Express 5' | 'Express 4' | 'node:http' | 'Fetch' | 'own server';
export type Door = (
  options: ReceiverOptions,
  where?: { readonly end?: (clean: () => unknown) => void },
) => Promise<OpenDoor>;

const onExpress =
  (make: typeof express): Door =>
  async (options) => {
    const app = make().set('trust proxy', 'loopback');
    const middleware = webhooks(options);
    app.all(path, middleware);
    return { to: await listening(createServer(app)), close: middleware.close, stats: middleware.stats };
  };

/** Every door, behind a proxy on loopback that ends TLS. */
export const doors: Record<DoorName, Door> = {
  'Express 5': onExpress(express),
  'Express 4': onExpress(express4 as unknown as typeof express),
  'node:http': async (options) => {
    const receiver = nodeReceiver({ ...options, trustProxy: 'loopback' });
    return { to: await listening(createServer(receiver)), close: receiver.close, stats: receiver.stats };
  },
  Fetch: async (options) => {
    const receiver = fetchReceiver({ ...options, trustProxy: true });
    const server = createServer(async (request, response) => {
      try {
        const answer = await receiver(asFetch(request));
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        response.end(await answer.text());
      } catch {
        // What makes no Request: this is the adapter's, not the receiver's.
        response.writeHead(400, { Connection: 'close' }).end();
      }
    });
    return { to: await listening(server), close: receiver.close, stats: receiver.stats };
  },
  'own server': async (options) => {
    const server = createWebhookServer({ ...options, trustProxy: 'loopback' });
    const { address, port } = await server.listen();
    atEnd(() => server.close({ timeoutMs: 0 }));
    return { to: `http://${address}:${port}`, close: server.close, stats: server.stats };
  },
};

export const doorNames = Object.keys(doors) as DoorName[];

/** As the adapters of Fetch frameworks do it on Node. */
function asFetch(request: IncomingMessage): Request {
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.append(request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '');
  }
  const bodiless = request.method === 'GET' || request.method === 'HEAD';
  const body = bodiless
    ? null
    : new ReadableStream({
        async start(controller) {
          try {
            for await (const chunk of request) controller.enqueue(chunk);
            controller.close();
          } catch (error) {
            controller.error(error);
          }
        },
      });
  const init = { method: request.method ?? '', headers, body, duplex: 'half' };
  return new Request(`http://example.com${request.url}`, init as RequestInit);
}
