import { createPublicKey, hash, verify } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhooks } from '@smtpeter-webhooks/express';
import { webhooks as fastifyWebhooks } from '@smtpeter-webhooks/fastify';
import type { ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { type PublicJwkSet, pinnedKeys } from '@smtpeter-webhooks/verify';
import express from 'express';
import { fastify } from 'fastify';
import { endpoint } from '../calls.js';
import { neverRepeating } from '../never-repeating.js';
import { peerVersion } from '../peers.js';
import { renewingMemory } from '../verify/ours.js';

/** What a server needs to know. */
export interface ServerSetup {
  readonly name: ServerName;
  readonly jwks: PublicJwkSet;
  readonly publicKeyPem: string;
  /** What one of the calls signs, and its signature, in base64: for the servers that do nothing else. */
  readonly signed: { readonly bytes: string; readonly signature: string };
  /** How many distinct calls go round. */
  readonly distinct: number;
  /** One of several processes that share the calls: which of them gets one is left to chance. */
  readonly shared?: boolean;
  readonly endpoints?: ReceiverOptions['endpoints'];
}

interface Started {
  readonly port: number;
  readonly stats?: (() => { received: number; accepted: number }) | undefined;
}

type Stats = () => { readonly received: number; readonly accepted: number };

const makers = {
  'node:http, reads the body': async () => listen(bare),
  'node:http, answers 401 unread': async () => listen((_, response) => response.writeHead(401).end('Unauthorized\n')),
  'node:http + crypto.hash + crypto.verify alone': async (setup: ServerSetup) => listen(limitOf(setup)),
  'node:http + ours': async (setup: ServerSetup) => {
    const receiver = nodeReceiver({ ...ours(setup), trustProxy: true });
    return listen(receiver, receiver.stats);
  },
  'fastify, reads the body': async () => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/hooks/smtpeter', async () => 'OK\n');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port };
  },
  'fastify + ours': async (setup: ServerSetup) => {
    const app = fastify({ trustProxy: true });
    let stats: Stats | undefined;
    app.register(fastifyWebhooks, {
      ...ours(setup),
      onStats: (given) => {
        stats = given;
      },
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, stats };
  },
  'hono on its node server': async () => {
    const { Hono, serve } = await hono();
    const app = new Hono();
    app.post('/hooks/smtpeter', async (context) => {
      await context.req.arrayBuffer();
      return context.text('OK\n');
    });
    return listenOn((port) => serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }));
  },
  'hono + ours (Fetch door)': async (setup: ServerSetup) => {
    const { Hono, serve } = await hono();
    const app = new Hono();
    const receiver = fetchReceiver({ ...ours(setup), trustProxy: true });
    app.post('/hooks/smtpeter', (context) => receiver(context.req.raw, context.env));
    return listenOn((port) => serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }), receiver.stats);
  },
  'express, reads the body': async () => {
    const app = express();
    app.use(express.raw({ type: () => true, limit: '6mb' }));
    app.post('/hooks/smtpeter', (_, response) => void response.send('OK\n'));
    return listen(app);
  },
  'express + express.json(), checks nothing': async () => {
    const app = express();
    app.use(express.json({ limit: '6mb' }));
    app.post('/hooks/smtpeter', (_, response) => void response.send('OK\n'));
    return listen(app);
  },
  'express + crypto.hash + crypto.verify alone': async (setup: ServerSetup) => listen(express().use(limitOf(setup))),
  'express + ours': async (setup: ServerSetup) => {
    const app = express();
    app.set('trust proxy', 1);
    const middleware = webhooks(ours(setup));
    app.use(middleware);
    return listen(app, middleware.stats);
  },
  'express + http-signature': async (setup: ServerSetup) => {
    const peer = 'http-signature';
    const { default: httpSignature } = await import(peer);
    const key = httpSignature.sshpk?.parseKey?.(setup.publicKeyPem, 'pem') ?? setup.publicKeyPem;
    createPublicKey(setup.publicKeyPem);
    const app = express();
    app.use(express.json({ limit: '6mb' }));
    app.post('/hooks/smtpeter', (request, response) => {
      const parsed = httpSignature.parseRequest(request, { clockSkew: 3600 });
      const genuine = httpSignature.verifySignature(parsed, key);
      response.status(genuine ? 200 : 401).send(genuine ? 'OK\n' : 'Unauthorized\n');
    });
    return listen(app);
  },
} satisfies Record<string, (setup: ServerSetup) => Promise<Started>>;

export type ServerName = keyof typeof makers;

/** The servers, and the peers that each needs. */
export const serverNeeds: Readonly<Partial<Record<ServerName, string>>> = {
  'hono on its node server': '@hono/node-server',
  'hono + ours (Fetch door)': '@hono/node-server',
  'express + http-signature': 'http-signature',
};

/** Why a server cannot be started here. */
export function lackOf(name: ServerName): string | undefined {
  const need = serverNeeds[name];
  return need !== undefined && peerVersion(need) === undefined ? `${name}: ${need} is not installed` : undefined;
}

/** Starts a server on a free port. */
export function startByName(setup: ServerSetup): Promise<Started> {
  return makers[setup.name](setup);
}

function ours(setup: ServerSetup): ReceiverOptions {
  const { endpoints = [endpoint] } = setup;
  return {
    endpoints,
    keys: pinnedKeys(setup.jwks),
    replay: setup.shared === true ? neverRepeating(1_000_000) : renewingMemory(Math.floor(setup.distinct / 2)),
    toleranceSeconds: 3600,
    log: false,
    on: { '*': () => {} },
  };
}

/** What nobody who checks the signature can be cheaper than: the hash and the signature of bytes that are ready, and the answer. */
function limitOf(setup: ServerSetup): RequestListener {
  const key = createPublicKey(setup.publicKeyPem);
  const signingBytes = Buffer.from(setup.signed.bytes, 'base64');
  const signature = Buffer.from(setup.signed.signature, 'base64');
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      hash('sha256', Buffer.concat(chunks), 'base64');
      verify('sha256', signingBytes, key, signature);
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': 3 });
      response.end('OK\n');
    });
  };
}

const bare: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': 3 });
    response.end('OK\n');
  });
};

function listen(listener: RequestListener, stats?: Stats): Promise<Started> {
  const server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', 1024, () => resolve({ port: (server.address() as AddressInfo).port, stats }));
  });
}

/** For servers that make their own. */
async function listenOn(serve: (port: number) => HonoServer, stats?: Stats): Promise<Started> {
  const server = serve(0);
  if (server.address() === null) await new Promise<void>((resolve) => server.once('listening', resolve));
  return { port: (server.address() as AddressInfo).port, stats };
}

/** By a name that the compiler does not follow: the peers need not be installed to build this. */
async function hono() {
  const [framework, server] = ['hono', '@hono/node-server'] as const;
  const { Hono }: { Hono: new () => HonoApp } = await import(framework as string);
  const { serve }: { serve: (options: object) => HonoServer } = await import(server as string);
  return { Hono, serve };
}

interface HonoServer {
  address(): unknown;
  once(event: string, listener: () => void): unknown;
}

interface HonoContext {
  readonly env: unknown;
  readonly req: { readonly raw: Request; arrayBuffer(): Promise<ArrayBuffer> };
  text(body: string): Response;
}

interface HonoApp {
  readonly fetch: unknown;
  post(path: string, handler: (context: HonoContext) => Response | Promise<Response>): void;
}
