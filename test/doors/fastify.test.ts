import { webhooks } from '@smtpeter-webhooks/fastify';
import { toInject } from '@smtpeter-webhooks/sender/testing';
import fastify, { type FastifyServerOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { atEnd, memoryLog } from '../vendor.testing.js';
import { conforms, type DoorOptions, vendor } from './endpoint.testing.js';

const create = (options: FastifyServerOptions = {}) => fastify({ trustProxy: '127.0.0.1', ...options });

conforms('Fastify', async (options) => {
  const app = create();
  app.register(webhooks, options);
  return { to: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
});

conforms('Fastify through inject', async (options) => {
  const app = create();
  app.register(webhooks, options);
  await app.ready();
  return {
    send: async (call) => ({ status: (await app.inject(toInject(call))).statusCode }),
    close: () => app.close(),
  };
});

function start(options: Partial<DoorOptions & { signedUrl: 'configured' }> = {}, prefix?: string) {
  const seen: unknown[] = [];
  const log = memoryLog();
  const app = create();
  atEnd(() => app.close());
  app.post('/api', (request) => ({ body: request.body }));
  app.register(webhooks, {
    ...vendor.options,
    log,
    on: { '*': (event) => void seen.push(event.kind) },
    ...options,
    ...(prefix !== undefined && { prefix }),
  });
  const status = async (call = vendor.call()) => (await app.inject(toInject(call))).statusCode;
  return { app, seen, log, status };
}

describe('within a Fastify app', () => {
  it('the rest of the app keeps its body parsers, and its own answers', async () => {
    const { app, status, seen } = start();
    expect((await app.inject({ method: 'POST', url: '/api', payload: { a: 1 } })).json()).toEqual({ body: { a: 1 } });
    expect((await app.inject({ method: 'POST', url: '/api', body: 'a=1' })).statusCode).toBe(415);
    expect(await status()).toBe(200);
    expect((await app.inject({ method: 'GET', url: '/hooks/smtpeter' })).statusCode).toBe(404);
    expect(seen).toEqual(['open']);
  });

  it('stands under a prefix that the path begins with, and under no other', async () => {
    expect(await start({}, '/hooks').status()).toBe(200);
    expect(await start({}, '/hooks/smtpeter').status()).toBe(200);
    await expect(start({}, '/hook').app.ready()).rejects.toThrow(TypeError);
    const rewritten = start({ signedUrl: 'configured' }, '/internal');
    expect(await rewritten.status({ ...vendor.call(), target: '/internal' })).toBe(200);
  });

  it.each(['/a:b', '/caf%C3%A9/x%20y', '/a%2Fb', '/'])('knows its path when that is %s', async (path) => {
    const url = `https://example.com${path}`;
    expect(await start({ url }).status(vendor.call('open', { url }))).toBe(200);
  });

  it('says so when a hook of the app has read the body', async () => {
    const { app, log } = start();
    app.addHook('preParsing', async (_request, _reply, payload) => {
      for await (const _ of payload);
      return payload;
    });
    expect((await app.inject(toInject(vendor.call()))).statusCode).toBe(500);
    expect(log.lines.join('\n')).toContain('ERR_BODY_CONSUMED');
  });

  it("logs to the app's logger when it has one", async () => {
    const lines: string[] = [];
    const app = create({ logger: { level: 'warn', stream: { write: (line: string) => void lines.push(line) } } });
    atEnd(() => app.close());
    app.register(webhooks, vendor.options);
    await app.inject(toInject(vendor.call('open', { fault: 'foreign-key' })));
    expect(lines.join('')).toContain('ERR_SIGNATURE_MISMATCH');
  });

  it('hands out its counters', async () => {
    const app = create();
    const counters: (() => unknown)[] = [];
    app.register(webhooks, { ...vendor.options, log: false, onStats: (read) => void counters.push(read) });
    await app.inject(toInject(vendor.call()));
    expect(counters.map((read) => read())).toMatchObject([{ accepted: 1, inFlight: 0 }]);
    await app.close();
  });

  it('names the option that is wrong', async () => {
    await expect(start({ id: 'x' }).app.ready()).rejects.toThrow(/^id: /);
  });
});
