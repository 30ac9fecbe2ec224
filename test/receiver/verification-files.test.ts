import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { webhooks } from '@smtpeter-webhooks/express';
import { webhooks as fastifyWebhooks } from '@smtpeter-webhooks/fastify';
import type { ReceiverOptions, VerificationFilesOption } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../cli/process.testing.js';
import { call, id, keys, listening, memoryLog, rawExchange, send, url } from '../vendor.testing.js';

const contents = Buffer.from('\ufeffverification of 1234\r\n\xe9', 'latin1');

/** Bytes of the answer, its status and its headers. */
async function get(to: string, path: string, method = 'GET') {
  const text = await rawExchange(to, `${method} ${path} HTTP/1.1\r\nHost: anything.test\r\nConnection: close\r\n\r\n`);
  const [head = '', ...body] = text.split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    type: /^content-type: *(.*)$/im.exec(head)?.[1],
    length: Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? Number.NaN),
    body: body.join('\r\n\r\n'),
  };
}

const doors: Record<string, (options: ReceiverOptions) => RequestListener> = {
  'Express 5': (options) => express().use(webhooks(options)) as RequestListener,
  'Express 4': (options) => express4().use(webhooks(options)) as unknown as RequestListener,
  'node:http': (options) => nodeReceiver(options),
  Fastify(options) {
    // Its router answers long names with 414 before anyone sees them; the default is 100.
    const app = fastify({ routerOptions: { maxParamLength: 5000 } });
    app.register(fastifyWebhooks, options);
    return (request, response) => void app.ready().then(() => app.routing(request, response));
  },
  Fetch(options) {
    const receive = fetchReceiver(options);
    return async (request, response) => {
      const answer = await receive(
        new Request(new URL(request.url ?? '/', 'https://example.com'), { method: request.method ?? 'GET' }),
      );
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'Content-Length': body.length });
      response.end(body);
    };
  },
};

const options = (verificationFiles: VerificationFilesOption): ReceiverOptions => ({
  id,
  url,
  keys: keys(),
  log: false,
  verificationFiles,
});

describe.each(Object.keys(doors))('verification files through %s', (name) => {
  const serve = (files: VerificationFilesOption) =>
    listening(createServer(doors[name]?.(options(files)) ?? (() => undefined)));

  it('are served at the sibling of the URL and at the root, byte for byte, from the moment they are placed', async () => {
    const folder = emptyFolder();
    const to = await serve(folder);
    const missing = await get(to, '/smtpeter-a_B-1.txt');
    expect(missing.status).toBe(404);
    writeFileSync(join(folder, 'smtpeter-a_B-1.txt'), contents);
    for (const path of ['/smtpeter-a_B-1.txt', '/hooks/smtpeter-a_B-1.txt', '/hooks/smtpeter-a_B-1.txt?cache=1']) {
      const answer = await get(to, path);
      expect(answer).toMatchObject({ status: 200, type: 'text/plain', body: contents.toString('latin1') });
    }
    const head = await get(to, '/hooks/smtpeter-a_B-1.txt', 'HEAD');
    expect(head).toMatchObject({ status: 200, type: 'text/plain', body: '' });
    expect((await get(to, '/other/smtpeter-a_B-1.txt')).status).toBe(404);
    expect((await get(to, '/smtpeter-a_B-1.txt', 'DELETE')).status).not.toBe(200);
  });

  it('a hostile name, and whatever is no small regular file inside, is answered like a missing one', async () => {
    const outside = emptyFolder();
    const folder = join(outside, 'files');
    mkdirSync(folder);
    writeFileSync(join(outside, 'smtpeter-out.txt'), 'secret');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'smtpeter-ok.txt'), 'fine');
    symlinkSync(join(outside, 'smtpeter-out.txt'), join(folder, 'smtpeter-link.txt'));
    symlinkSync('smtpeter-ok.txt', join(folder, 'smtpeter-inside.txt'));
    symlinkSync('smtpeter-loop.txt', join(folder, 'smtpeter-loop.txt'));
    symlinkSync('/dev/zero', join(folder, 'smtpeter-zero.txt'));
    mkdirSync(join(folder, 'smtpeter-dir.txt'));
    execFileSync('mkfifo', [join(folder, 'smtpeter-pipe.txt')]);
    writeFileSync(join(folder, 'smtpeter-empty.txt'), '');
    writeFileSync(join(folder, 'smtpeter-huge.txt'), 'x');
    truncateSync(join(folder, 'smtpeter-huge.txt'), 1024 ** 4);
    writeFileSync(join(folder, 'smtpeter-65537.txt'), Buffer.alloc(65_537, 'x'));
    writeFileSync(join(folder, 'smtpeter-65536.txt'), Buffer.alloc(65_536, 'x'));
    const to = await serve(folder);
    const missing = await get(to, '/smtpeter-missing.txt');
    const hostile = [
      ...['link', 'loop', 'zero', 'dir', 'pipe', 'empty', 'huge', '65537'].map((one) => `/smtpeter-${one}.txt`),
      '/secret.txt',
      '/smtpeter-%6fk.txt',
      '/%73mtpeter-ok.txt',
      '/smtpeter-ok.txt%00',
      '/smtpeter-ok.txt/',
      '/smtpeter-..%2f..%2fsecret.txt',
      '/hooks/..%2fsmtpeter-out.txt',
      `/smtpeter-${'a'.repeat(4000)}.txt`,
    ];
    for (const path of hostile) {
      const answer = await get(to, path);
      const own = (text: string) => text.replaceAll(path, '').replace(/GET \S*/, '');
      expect({ ...answer, body: own(answer.body), length: 0 }, path).toEqual({
        ...missing,
        body: own(missing.body.replaceAll('/smtpeter-missing.txt', '')),
        length: 0,
      });
    }
    expect(await get(to, '/smtpeter-inside.txt')).toMatchObject({ status: 200, body: 'fine' });
    expect((await get(to, '/smtpeter-65536.txt')).length).toBe(65_536);
  });

  it('come from a directory URL, a directory that is a link, or from memory', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'release'));
    symlinkSync('release', join(folder, 'current'));
    writeFileSync(join(folder, 'release', 'smtpeter-a.txt'), 'a');
    for (const files of [
      join(folder, 'current'),
      pathToFileURL(join(folder, 'current')),
      { 'smtpeter-a.txt': 'a' },
      { 'smtpeter-a.txt': new Uint8Array([97]) },
    ]) {
      const to = await serve(files);
      expect(await get(to, '/hooks/smtpeter-a.txt')).toMatchObject({ status: 200, body: 'a' });
      expect((await get(to, '/smtpeter-b.txt')).status).toBe(404);
    }
  });
});

it('calls are received as ever', async () => {
  let events = 0;
  const to = await listening(
    createServer(
      express()
        .set('trust proxy', 1)
        .use(webhooks({ ...options(emptyFolder()), on: { '*': () => events++ } })),
    ),
  );
  const answer = await send(to, call(), { headers: [['X-Forwarded-Proto', 'https']] } as never);
  expect([answer.status, events]).toEqual([200, 1]);
});

it('Express passes a missing name on', async () => {
  const app = express().use(webhooks(options(emptyFolder())));
  app.get('/smtpeter-x.txt', (_, response) => void response.send('from the app'));
  const to = await listening(createServer(app));
  expect(await get(to, '/smtpeter-x.txt')).toMatchObject({ status: 200, body: 'from the app' });
});

it.each([
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
])('%s: at a route of its own it says at start that it cannot see the files', (_, make) => {
  const log = memoryLog();
  const app = make();
  app.use(webhooks({ ...options('.'), log }));
  make.Router().use(webhooks({ ...options('.'), log }));
  expect(log.lines.join()).not.toContain('WARN_VERIFICATION_FILES_ROUTE');
  app.post('/hooks/smtpeter', webhooks({ ...options('.'), log }));
  expect(log.lines.join()).toContain('WARN_VERIFICATION_FILES_ROUTE');
});

it.each([
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
])('%s: in a Router below a prefix it says that it cannot see the files at the root', async (_, make) => {
  const below = memoryLog();
  const router = make.Router().use(webhooks({ ...options('.'), log: below }));
  await get(await listening(createServer(make().use('/hooks', router))), '/hooks/other');
  expect(below.lines.join()).toContain('WARN_VERIFICATION_FILES_ROUTE');
  const atRoot = memoryLog();
  const plain = make.Router().use(webhooks({ ...options('.'), log: atRoot }));
  await get(await listening(createServer(make().use(plain))), '/hooks/other');
  expect(atRoot.lines.join()).not.toContain('WARN_VERIFICATION_FILES_ROUTE');
});

it.skipIf(process.getuid?.() === 0)(
  'a file that may not be read (not as root) is missing, and the log says so',
  async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'smtpeter-a.txt'), 'a');
    chmodSync(join(folder, 'smtpeter-a.txt'), 0);
    const log = memoryLog();
    const to = await listening(createServer(nodeReceiver({ ...options(folder), log })));
    expect((await get(to, '/smtpeter-a.txt')).status).toBe(404);
    expect(log.lines.join()).toContain('EACCES');
  },
);

it.each([
  [''],
  [3],
  [null],
  [new URL('https://example.com/')],
  [{ 'other.txt': 'x' }],
  [{ 'smtpeter-a.txt': '' }],
  [{ 'smtpeter-a.txt': 'x'.repeat(65_537) }],
  [{ 'smtpeter-a.txt': 5 }],
])('verificationFiles: %j is refused at start', (value) => {
  expect(() => nodeReceiver(options(value as never))).toThrow(/^verificationFiles: /);
});
