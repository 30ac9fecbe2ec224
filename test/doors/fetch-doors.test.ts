import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAdaptorServer } from '@hono/node-server';
import type { Rejection } from '@smtpeter-webhooks/receiver';
import { type FetchOptions, fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { type LambdaEvent, lambdaReceiver } from '@smtpeter-webhooks/receiver/lambda';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { type SignedCall, sendRequest } from '@smtpeter-webhooks/sender';
import { toRequest } from '@smtpeter-webhooks/sender/testing';
import { Hono } from 'hono';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { atEnd, signal } from '../vendor.testing.js';
import { conforms, vendor } from './endpoint.testing.js';
import { onFreePort } from './listening.testing.js';

conforms('Fetch', (options) => {
  const receive = fetchReceiver(options);
  return { send: (call) => receive(toRequest(call)) };
});

conforms('Hono on Node', (options) => {
  const app = new Hono();
  const receive = fetchReceiver({ ...options, trustProxy: true });
  app.post('/hooks/smtpeter', (context) => receive(context.req.raw));
  return onFreePort(createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>);
});

function honoWithItsEnvironment(options: FetchOptions) {
  const app = new Hono();
  const receive = fetchReceiver({ ...options, trustProxy: true });
  app.post('/hooks/smtpeter', (context) => receive(context.req.raw, context.env));
  return onFreePort(createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>);
}

conforms('Hono on Node, with what it gives besides', honoWithItsEnvironment);

describe('Hono on Node, with what it gives besides', () => {
  const large = { body: 'x'.repeat(5_000_000) };
  it.each([
    ['a body over the limit', vendor.call('bounce', large), 413],
    ['a large body that nobody looks at', vendor.call('bounce', { ...large, fault: 'stale-date' }), 401],
    ['a small body over the limit', vendor.call('bounce', { body: 'x'.repeat(2000) }), 413],
  ])('%s gets its answer', async (_, call, status) => {
    const { to = '', close } = await honoWithItsEnvironment({ ...vendor.options, log: false, maxBodyBytes: 1000 });
    atEnd(() => close?.());
    expect((await sendRequest(call, { to, forwardedProto: true })).status).toBe(status);
  });

  it('waits no longer than it may for the rest of a small body, and closes the connection', async () => {
    const { to = '', close } = await honoWithItsEnvironment({ ...vendor.options, log: false, bodyTimeoutMs: 30 });
    atEnd(() => close?.());
    const { method, target, headers, body } = vendor.call('open');
    const lines = [...headers, ['X-Forwarded-Proto', 'https']].map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(new URL(to).port), '127.0.0.1');
    socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${Buffer.from(body.subarray(0, 9))}`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('tells where a refused call came from', async () => {
    const seen: (string | undefined)[] = [];
    const onRejected = (rejection: Rejection) => void seen.push(rejection.remoteAddress);
    const { to = '', close } = await honoWithItsEnvironment({ ...vendor.options, log: false, onRejected });
    atEnd(() => close?.());
    await sendRequest(vendor.call('open', { fault: 'stale-date' }), { to, forwardedProto: true });
    expect(seen).toEqual(['127.0.0.1']);
  });
});

conforms('Koa', (options) => {
  const app = new Koa();
  const receive = nodeReceiver({ ...options, trustProxy: 'loopback' });
  // Before every body parser. Koa must not answer: the receiver does.
  app.use((context, next) => {
    if (context.method !== 'POST' || context.path !== '/hooks/smtpeter') return next();
    context.respond = false;
    receive(context.req, context.res);
    return undefined;
  });
  return onFreePort(createServer(app.callback()));
});

/** What AWS makes of a call, as its documentation of payload format 2.0 shows it. */
function lambdaEvent(call: SignedCall, base64 = true): LambdaEvent {
  const headers: Record<string, string> = { 'x-forwarded-proto': 'https' };
  for (const [name, value] of call.headers) {
    const lower = name.toLowerCase();
    headers[lower] = headers[lower] === undefined ? value : `${headers[lower]},${value}`;
  }
  const [rawPath = '', rawQueryString = ''] = call.target.split('?');
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers,
    requestContext: { http: { method: call.method, sourceIp: '192.0.2.1' } },
    ...(call.body.length > 0 && { body: Buffer.from(call.body).toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  };
}

for (const base64 of [true, false]) {
  conforms(`AWS Lambda, ${base64 ? 'bodies in base64' : 'bodies as text'}`, (options) => {
    const receive = lambdaReceiver(options);
    return {
      send: async (call) => {
        // A body that is no text always comes in base64.
        const text = Buffer.from(Buffer.from(call.body).toString()).equals(call.body);
        return { status: (await receive(lambdaEvent(call, base64 || !text))).statusCode };
      },
    };
  });
}

describe('on AWS Lambda', () => {
  const receive = () => lambdaReceiver({ ...vendor.options, log: false, maxBodyBytes: 1000 });

  it('a Date that was moved out of the way is found', async () => {
    const event = lambdaEvent(vendor.call());
    const { date, ...headers } = event.headers;
    const moved = { ...headers, 'x-amzn-remapped-date': date };
    expect(await receive()({ ...event, headers: moved })).toMatchObject({ statusCode: 200, body: 'OK\n' });
    expect((await receive()({ ...event, headers })).statusCode).toBe(401);
    // It does not stand beside a Date that is there.
    expect((await receive()({ ...event, headers: { ...moved, date } })).statusCode).toBe(200);
  });

  it('a body over the limit is refused', async () => {
    expect((await receive()(lambdaEvent(vendor.call('bounce', { body: 'x'.repeat(2000) })))).statusCode).toBe(413);
  });

  it('an event of another payload format is a TypeError that says so', async () => {
    const old = { version: '1.0', path: '/', httpMethod: 'POST', headers: {}, requestContext: {} };
    await expect(receive()(old as unknown as LambdaEvent)).rejects.toThrow(/payload format 2\.0/);
  });

  it('a stage in the path is made up for by the configured URL', async () => {
    const event = lambdaEvent(vendor.call('open', { url: `${vendor.options.url}?a=1` }));
    const staged = { ...event, rawPath: `/prod${event.rawPath}` };
    expect((await receive()(staged)).statusCode).toBe(404);
    const configured = lambdaReceiver({ ...vendor.options, log: false, signedUrl: 'configured' });
    expect((await configured(staged)).statusCode).toBe(200);
  });
});

it('a platform that can is told of a handler that goes on after the answer', async () => {
  const handler = signal();
  const waited: Promise<unknown>[] = [];
  const receive = fetchReceiver({
    ...vendor.options,
    log: false,
    handlerTimeoutMs: 20,
    on: { open: () => handler.promise },
  });
  const platform = { waitUntil: (work: Promise<unknown>) => void waited.push(work) };
  expect((await receive(toRequest(vendor.call()), {}, platform)).status).toBe(503);
  expect(waited).toHaveLength(1);
  handler.resolve();
  await waited[0];
  expect(receive.stats()).toMatchObject({ accepted: 1, inFlight: 0 });
});
