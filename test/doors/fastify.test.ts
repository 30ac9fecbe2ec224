import { type Inbox, type WebhookPluginOptions, webhookOptions, webhooks } from '@smtpeter-webhooks/fastify';
import { toInject } from '@smtpeter-webhooks/sender/testing';
import fastify, { type FastifyServerOptions } from 'fastify';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { atEnd, memoryLog } from '../vendor.testing.js';
import { conforms, vendor } from './endpoint.testing.js';

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

function start(options: Partial<WebhookPluginOptions> = {}, prefix?: string) {
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

  it('an injected call that is refused leaves nothing to be done later: it has no connection to close', async () => {
    const { app, status } = start();
    await app.ready();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      expect(await status(vendor.call('open', { fault: 'foreign-key' }))).toBe(401);
      await new Promise((resolve) => setImmediate(resolve));
      expect(timers.mock.calls).toEqual([]);
    } finally {
      timers.mockRestore();
    }
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

  it('serves verification files through its own routes, which neither hide those of the app nor clash with them', async () => {
    const app = create();
    atEnd(() => app.close());
    const answer = (at: string) => () => at;
    app.get('/:page', answer('page'));
    app.get('/hooks/:page', answer('hooks page'));
    app.get('/*', answer('any'));
    app.addHook('onSend', async () => 'changed');
    const given = { ...vendor.options, log: false as const };
    app.register(webhooks, { ...given, verificationFiles: { 'smtpeter-a.txt': 'a' } });
    app.register(webhooks, {
      ...given,
      url: `${vendor.options.url}/other`,
      verificationFiles: { 'smtpeter-b.txt': 'b' },
    });
    const bodyAt = async (url: string) => (await app.inject({ method: 'GET', url })).body;
    expect(await bodyAt('/smtpeter-a.txt')).toBe('a');
    expect(await bodyAt('/hooks/smtpeter-a.txt')).toBe('a');
    expect(await bodyAt('/smtpeter-b.txt')).toBe('b');
    expect(await bodyAt('/hooks/smtpeter/smtpeter-b.txt')).toBe('b');
    expect((await app.inject({ method: 'GET', url: '/smtpeter-c.txt' })).statusCode).toBe(404);
    expect((await app.inject({ method: 'HEAD', url: '/smtpeter-a.txt' })).headers['content-length']).toBe('1');
    for (const url of ['/smtpeter-a.html', '/hooks/about', '/smtpeter-a/b.txt']) {
      expect(await app.inject({ method: 'GET', url })).toMatchObject({ statusCode: 200, body: 'changed' });
    }
  });

  it('serves them as far as its prefix reaches, and says so when it reaches none', async () => {
    const files = { verificationFiles: { 'smtpeter-a.txt': 'a' } };
    const below = start(files, '/hooks');
    const statusOf = async (url: string) => (await below.app.inject({ method: 'GET', url })).statusCode;
    expect([await statusOf('/hooks/smtpeter-a.txt'), await statusOf('/smtpeter-a.txt')]).toEqual([200, 404]);
    expect(below.log.lines.join()).not.toContain('WARN_VERIFICATION_FILES_ROUTE');
    const at = start(files, '/hooks/smtpeter');
    await at.app.ready();
    expect(at.log.lines.join()).toContain('WARN_VERIFICATION_FILES_ROUTE');
  });

  it.each([
    [true, true],
    ['127.0.0.1', false],
    ['loopback, 10.0.0.0/8', false],
    [(_: string, hop: number) => hop < 3, false],
    [(address: string) => address.startsWith('127.'), false],
    [() => true, true],
    [false, false],
  ])('trustProxy: %s; it warns that everyone is trusted: %s', async (trustProxy, warns) => {
    const app = create({ trustProxy });
    atEnd(() => app.close());
    const log = memoryLog();
    app.register(webhooks, { ...vendor.options, log });
    await app.inject(toInject(vendor.call()));
    expect(log.lines.join().includes('WARN_TRUST_PROXY_ALL')).toBe(warns);
  });

  it('gives handlers the types of the schemas, and of the transaction', async () => {
    const app = create();
    atEnd(() => app.close());
    const typed = webhookOptions({
      ...vendor.options,
      log: false,
      fields: { databases: { '*': z.object({ score: z.number() }) } },
      inbox: undefined as unknown as Inbox<{ query: (sql: string) => void }>,
      on: {
        'profile.update': (event, { tx }) => {
          expectTypeOf(event.fields).toEqualTypeOf<{ score: number } | undefined>();
          expectTypeOf(tx).toEqualTypeOf<{ query: (sql: string) => void }>();
        },
      },
    });
    await app.register(webhooks, typed);
    expect(app.hasRoute({ method: 'POST', url: '/hooks/smtpeter' })).toBe(true);
  });

  it('names the option that is wrong', async () => {
    await expect(start({ id: 'x' }).app.ready()).rejects.toThrow(/^id: /);
  });
});
