import { createServer, request as httpRequest } from 'node:http';
import { webhooks } from '@smtpeter-webhooks/express';
import type { SendOptions } from '@smtpeter-webhooks/sender';
import express, { type Express, type RequestHandler, Router } from 'express';
import express4 from 'express4';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, keys, listening, memoryLog, path, send, url } from '../vendor.testing.js';

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('%s', (_, create) => {
  /** An app behind a proxy on loopback that ends TLS. */
  const start = async (
    mount: (app: Express, middleware: ReturnType<typeof webhooks>) => void,
    options: Partial<Parameters<typeof webhooks>[0]> = {},
  ) => {
    const log = memoryLog();
    const seen: string[] = [];
    const middleware = webhooks({
      id,
      url,
      keys: keys(),
      log,
      on: { '*': (event) => void seen.push(event.kind) },
      ...options,
    });
    const app = create();
    app.set('trust proxy', 'loopback');
    mount(app, middleware);
    app.use(((_request, response) => void response.status(299).send('the rest of the app')) as RequestHandler);
    return { to: await listening(createServer(app)), log, seen, middleware };
  };
  const status = async (to: string, what = call(), options: SendOptions = {}) => (await send(to, what, options)).status;

  it('mounted with app.use, takes POSTs to the path of its URL and passes the rest on', async () => {
    const { to, seen } = await start((app, middleware) => app.use(middleware));
    expect(await status(to)).toBe(200);
    expect(await status(to, call({ url: `${url}?a=1` }))).toBe(200);
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS'])
      expect(await status(to, { ...call({ body: '' }), method })).toBe(299);
    expect(await status(to, call({ url: 'https://example.com/' }))).toBe(299);
    expect(await status(to, call({ url: 'https://example.com/hooks' }))).toBe(299);
    expect(seen).toEqual(['open', 'open']);
  });

  it('says so when a webhook is passed on because of a slash at the end', async () => {
    const { to, log } = await start((app, middleware) => app.use(middleware));
    for (let i = 0; i < 3; i++) expect(await status(to, call({ url: `${url}/` }))).toBe(299);
    expect(log.lines.filter((line) => line.includes('slash at the end'))).toHaveLength(1);
  });

  it.each<[string, (app: Express, middleware: RequestHandler) => void]>([
    ['app.use under a prefix', (app, middleware) => app.use('/hooks', middleware)],
    ['app.use at its very path', (app, middleware) => app.use(path, middleware)],
    ['app.post', (app, middleware) => app.post(path, middleware)],
    ['a Router under a prefix', (app, middleware) => app.use('/hooks', Router().post('/smtpeter', middleware))],
    ['a Router with use', (app, middleware) => app.use(Router().use(middleware))],
    ['a parameter in the route', (app, middleware) => app.post('/hooks/:vendor', middleware)],
    [
      'another middleware before it',
      (app, middleware) => app.use((_request, _response, next) => setImmediate(next)).use(middleware),
    ],
    [
      'a function round it',
      (app, middleware) => app.post(path, (request, response, next) => middleware(request, response, next)),
    ],
    ['express.json() after it', (app, middleware) => app.use(middleware).use(create.json())],
    ['express.json() elsewhere', (app, middleware) => app.use('/api', create.json()).use(middleware)],
    ['express.json() first, when the body is a form', (app, middleware) => app.use(create.json()).use(middleware)],
  ])('works with %s', async (_, mount) => {
    const { to, seen } = await start(mount);
    expect(await status(to, call({ encoding: 'form' }))).toBe(200);
    expect(await status(to, call({ fault: 'altered-body', encoding: 'form' }))).toBe(401);
    expect(seen).toEqual(['open']);
  });

  it('at a route of its own answers 405 and 404 itself', async () => {
    const { to } = await start((app, middleware) => app.all(['/hooks/:any', '/elsewhere'], middleware));
    expect(await status(to, { ...call({ body: '' }), method: 'GET' })).toBe(405);
    expect(await status(to, call({ url: 'https://example.com/elsewhere' }))).toBe(404);
  });

  it('is not misled by a route that another handler has left', async () => {
    const { to } = await start((app, middleware) =>
      app.all('/elsewhere', (_request, _response, next) => next()).use(middleware),
    );
    expect(await status(to, call({ url: 'https://example.com/elsewhere' }))).toBe(299);
    expect(await status(to)).toBe(200);
  });

  it.each<[string, () => RequestHandler]>([
    ['express.json()', () => create.json()],
    ['express.json() that keeps the text', () => create.json({ verify: () => {} })],
    ['express.raw()', () => create.raw({ type: '*/*' })],
    ['express.text()', () => create.text({ type: '*/*' })],
    [
      'a reader of its own',
      () => (request, _response, next) => {
        request.on('data', () => {}).on('end', () => next());
      },
    ],
  ])('fails at once, and says how to mount it, when %s ran first', async (_, parser) => {
    const { to, seen, log } = await start((app, middleware) => app.use(parser()).use(middleware));
    expect(await status(to)).toBe(500);
    expect(seen).toEqual([]);
    expect(log.lines.join('\n')).toMatch(/^error .*ERR_BODY_CONSUMED.*Mount webhooks\(\) before express\.json\(\)/m);
  });

  it('leaves it to `trust proxy` whether a call was secure', async () => {
    const { to, log } = await start((app, middleware) => app.set('trust proxy', false).use(middleware));
    expect(await status(to)).toBe(403);
    expect(log.lines.join('\n')).toMatch(/ERR_INSECURE_TRANSPORT.*`trust proxy`/);
    const open = await start((app, middleware) => app.set('trust proxy', true).use(middleware));
    expect(await status(open.to)).toBe(200);
    expect(await status(open.to)).toBe(200);
    expect(open.log.lines.filter((line) => line.includes('WARN_TRUST_PROXY_ALL'))).toHaveLength(1);
  });

  it('keeps the connection after a small refused body, and closes it after a large one', async () => {
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    atEnd(() => agent.destroy());
    const { to } = await start((app, middleware) => app.use(middleware));
    const small = await send(to, call({ fault: 'foreign-key', body: 'x'.repeat(60_000) }), { agent });
    expect([small.status, small.headers.connection]).toEqual([401, 'keep-alive']);
    expect(await status(to, call(), { agent })).toBe(200);
    const large = await send(to, call({ fault: 'foreign-key', body: 'x'.repeat(3_000_000) }), { agent });
    expect([large.status, large.headers.connection]).toEqual([401, 'close']);
    expect(await status(to, call(), { agent })).toBe(200);
  });

  describe('behind a proxy that rewrites', () => {
    /** A small proxy: ends TLS, so to say, and puts its own Host and path on the request. */
    const proxyTo = (
      to: string,
      change: { host?: string; path?: (path: string) => string },
      more: Record<string, string> = {},
    ) =>
      listening(
        createServer((request, response) => {
          const headers = request.rawHeaders.map((text, i, all) =>
            change.host !== undefined && i % 2 === 1 && all[i - 1]?.toLowerCase() === 'host' ? change.host : text,
          );
          const forwarded = httpRequest(
            to,
            {
              method: request.method ?? '',
              path: change.path?.(request.url ?? '') ?? request.url ?? '',
              headers: [...headers, ...Object.entries(more).flat()],
              setHost: false,
            },
            (answer) => {
              response.writeHead(answer.statusCode ?? 0, answer.headers);
              answer.pipe(response);
            },
          );
          request.pipe(forwarded);
        }),
      );

    it("Host: refused with a hint, accepted with signedUrl: 'configured'", async () => {
      const plain = await start((app, middleware) => app.use(middleware));
      expect(await status(await proxyTo(plain.to, { host: 'localhost:3000' }))).toBe(421);
      expect(plain.log.lines.join('\n')).toMatch(/ERR_HOST_MISMATCH.*signedUrl: 'configured'/);
      expect(
        await status(await proxyTo(plain.to, { host: 'backend.example' }, { 'X-Forwarded-Host': 'example.com' })),
      ).toBe(421);
      expect(plain.log.lines.join('\n')).toMatch(/X-Forwarded-Host says example\.com/);
      const told = await start((app, middleware) => app.use(middleware), { signedUrl: 'configured' });
      const proxy = await proxyTo(told.to, { host: 'localhost:3000' });
      expect(await status(proxy, call({ url: `${url}?a=1` }))).toBe(200);
      expect(await status(proxy, call({ fault: 'altered-query' }))).toBe(401);
      expect(await status(proxy, call({ url: 'https://other.example/hooks/smtpeter' }))).toBe(401);
    });

    it.each<[string, (app: Express, middleware: RequestHandler) => void]>([
      ['app.post', (app, middleware) => app.post('/smtpeter', middleware)],
      ['app.use', (app, middleware) => app.use('/smtpeter', middleware)],
    ])("the path: refused with a hint, accepted with signedUrl: 'configured' at %s", async (_, mount) => {
      const change = { path: (text: string) => text.replace('/hooks', '') };
      const plain = await start((app, middleware) => app.all('/smtpeter', middleware));
      expect(await status(await proxyTo(plain.to, change))).toBe(404);
      expect(plain.log.lines.join('\n')).toMatch(/ERR_PATH_MISMATCH.*signedUrl: 'configured'/);
      const told = await start(mount, { signedUrl: 'configured' });
      expect(await status(await proxyTo(told.to, change))).toBe(200);
      expect(told.seen).toEqual(['open']);
    });
  });

  it('answers for several endpoints, each its own', async () => {
    const endpoints = [
      { id: 'environment-1', url: 'https://example.com/one' },
      { id: 'account-2', url: 'https://other.example/two' },
    ];
    const { to } = await start((app, middleware) => app.use(middleware), {
      id: undefined as never,
      url: undefined as never,
      endpoints,
    });
    const at = (one: string, where: string) => status(to, call({ id: one, url: where }));
    expect(await at('environment-1', 'https://example.com/one')).toBe(200);
    expect(await at('account_2', 'https://other.example/two')).toBe(200);
    expect(await at('account-2', 'https://example.com/one')).toBe(401);
    expect(await at('environment-1', 'https://other.example/one')).toBe(404);
    expect(await at('environment-1', 'https://example.org/one')).toBe(421);
  });
});

it('is a handler of Express by its types', () => {
  const handler: RequestHandler = webhooks({
    id,
    url,
    log: false,
    on: { open: (event) => void (event.recipient satisfies string | undefined) },
  });
  expect(handler).toBeTypeOf('function');
  // @ts-expect-error: there is no such option
  webhooks({ id, url, log: false, tolerance: 300 });
  // @ts-expect-error: an open has no mime
  webhooks({ id, url, log: false, on: { open: (event) => event.mime } });
});
