import { connect } from 'node:net';
import type { Rejection } from '@smtpeter-webhooks/receiver';
import { createWebhookServer, type NodeOptions } from '@smtpeter-webhooks/receiver/node';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, keys, path, rawExchange, send, signal, url, wire } from '../vendor.testing.js';

async function start(options: Partial<NodeOptions> = {}) {
  const rejections: Rejection[] = [];
  const seen: string[] = [];
  const webhookServer = createWebhookServer({
    id,
    url,
    keys: keys(),
    trustProxy: 'loopback',
    log: false,
    on: { '*': (event) => void seen.push(String(event.raw?.['id'])) },
    onRejected: (rejection) => void rejections.push(rejection),
    ...options,
  });
  const { address, port } = await webhookServer.listen();
  atEnd(() => webhookServer.close({ timeoutMs: 0 }));
  return { to: `http://${address}:${port}`, rejections, seen, webhookServer, port };
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));
const closing = [['Connection', 'close']] as const;

describe('what is no HTTP, or HTTP that nobody genuine sends, is refused and reported', () => {
  it.each<[string, string | Buffer, number, string]>([
    ['octets', 'this is no HTTP\r\n\r\n', 400, 'ERR_HTTP_UNREADABLE'],
    ['a TLS hello on the plain port', Buffer.from([22, 3, 1, 0, 200, 1, 0, 0, 196]), 400, 'ERR_HTTP_UNREADABLE'],
    ['a header without a name', `POST ${path} HTTP/1.1\r\n: x\r\n\r\n`, 400, 'ERR_HTTP_UNREADABLE'],
    [
      'a folded header',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nX-A: a\r\n b\r\n\r\n`,
      400,
      'ERR_HTTP_UNREADABLE',
    ],
    [
      'a NUL in a header',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nX-A: a\0b\r\n\r\n`,
      400,
      'ERR_HTTP_UNREADABLE',
    ],
    [
      'a length and chunks',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'ERR_HTTP_UNREADABLE',
    ],
    [
      'two lengths',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`,
      400,
      'ERR_HTTP_UNREADABLE',
    ],
    [
      'headers of 20 kB',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'ERR_HEADERS_TOO_LARGE',
    ],
    [
      '3,000 headers',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n${'a: \r\n'.repeat(3000)}\r\n`,
      431,
      'ERR_HEADERS_TOO_LARGE',
    ],
    [
      'an expectation of another kind',
      `POST ${path} HTTP/1.1\r\nHost: example.com\r\nExpect: cake\r\nConnection: close\r\n\r\n`,
      417,
      'ERR_EXPECTATION',
    ],
    [
      'a whole URL as target',
      `POST http://example.com${path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`,
      404,
      'ERR_PATH_MISMATCH',
    ],
    [
      'an asterisk as target',
      'OPTIONS * HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
      404,
      'ERR_PATH_MISMATCH',
    ],
    ['no Host', `POST ${path} HTTP/1.0\r\nX-Forwarded-Proto: https\r\n\r\n`, 401, 'ERR_HEADER_MISSING'],
  ])('%s', async (_, bytes, status, code) => {
    const { to, rejections, seen } = await start();
    const answer = await rawExchange(to, bytes);
    expect(statuses(answer)).toEqual([status]);
    expect(rejections.map((rejection) => rejection.code)).toEqual([code]);
    expect(seen).toEqual([]);
  });
});

describe('the nearest trusted proxy alone says whether a call came over HTTPS', () => {
  const proto = (...values: string[]) => {
    const what = call();
    const lines = [...what.headers, ...values.map((value) => ['X-Forwarded-Proto', value] as const), ...closing].map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return Buffer.concat([
      Buffer.from(`POST ${what.target} HTTP/1.1\r\n${lines.join('')}\r\n`),
      Buffer.from(what.body),
    ]);
  };
  it.each<[string, NodeOptions['trustProxy'], string[], number]>([
    ['trusted', 'loopback', ['https'], 200],
    ['trusted, in capitals', 'loopback', ['HTTPS'], 200],
    ['trusted, by CIDR', '10.0.0.0/8, 127.0.0.0/8', ['https'], 200],
    ['trusted, by list', ['127.0.0.1'], ['https'], 200],
    ['trusted, one hop', 1, ['https'], 200],
    ['not trusted', undefined, ['https'], 403],
    ['not trusted, no hops', 0, ['https'], 403],
    ['not trusted, another network', '10.0.0.0/8', ['https'], 403],
    ['says http', 'loopback', ['http'], 403],
    ['says http after what the client had claimed', 'loopback', ['https, http'], 403],
    ['says http on a line of its own', 'loopback', ['https', 'http'], 403],
    ['says https after what the client had claimed', 'loopback', ['http, https'], 200],
    ['says nothing', 'loopback', [], 403],
  ])('%s', async (_, trustProxy, values, status) => {
    const { to } = await start({ trustProxy: trustProxy as never });
    expect(statuses(await rawExchange(to, proto(...values)))).toEqual([status]);
  });

  it.each(['nonsense', '10.0.0.0/99', -1, 1.5])('%j is misuse', (trustProxy) => {
    expect(() => createWebhookServer({ id, url, trustProxy, log: false })).toThrow(TypeError);
  });
});

describe('bodies', () => {
  it.each([100, 5_000_000])('of a forgery are not asked for, and not waited for (%d octets)', async (length) => {
    const { to, rejections } = await start();
    const forged = call({ fault: 'foreign-key', body: 'x'.repeat(length) });
    const head = wire({ ...forged, body: new Uint8Array() }, [['Expect', '100-continue']]);
    const answer = await rawExchange(to, head);
    expect(statuses(answer)).toEqual([401]);
    expect(rejections).toMatchObject([{ code: 'ERR_SIGNATURE_MISMATCH' }]);
  });

  it('of a genuine call are asked for once its head holds', async () => {
    const { to, port, seen } = await start();
    const genuine = call();
    const socket = connect(port, '127.0.0.1');
    const continued = signal<string>();
    socket.once('data', (chunk) => continued.resolve(chunk.toString()));
    socket.write(wire({ ...genuine, body: new Uint8Array() }, [['Expect', '100-continue'], ...closing]));
    expect(statuses(await continued.promise)).toEqual([100]);
    const answered = signal<string>();
    socket.once('data', (chunk) => answered.resolve(chunk.toString()));
    socket.write(genuine.body);
    expect(statuses(await answered.promise)).toEqual([200]);
    expect(seen).toHaveLength(1);
    expect(to).toContain(String(port));
  });

  it('that stop coming are given up, with 408 and the end of the connection', async () => {
    const { to, rejections } = await start({ bodyTimeoutMs: 60 });
    const genuine = call();
    const answer = await rawExchange(to, wire({ ...genuine, body: genuine.body.slice(0, 10) }));
    expect(statuses(answer)).toEqual([408]);
    expect(rejections).toMatchObject([{ code: 'ERR_BODY_TIMEOUT' }]);
  });

  it('that come in chunks are taken, when the signature allows it', async () => {
    const { to, rejections } = await start();
    const genuine = call();
    const lines = genuine.headers.filter(([name]) => name !== 'Content-Length');
    const chunked = `${genuine.body.length.toString(16)}\r\n${Buffer.from(genuine.body)}\r\n0\r\n\r\n`;
    const answer = await rawExchange(
      to,
      wire({ ...genuine, headers: lines, body: Buffer.from(chunked) }, [['Transfer-Encoding', 'chunked'], ...closing]),
    );
    // The sender's list covers Content-Length, which is gone.
    expect(statuses(answer)).toEqual([401]);
    expect(rejections).toMatchObject([{ code: 'ERR_SIGNATURE_LIST_INVALID' }]);
  });

  it('that end early are no call', async () => {
    const { port, rejections, seen, webhookServer } = await start();
    const genuine = call();
    const socket = connect(port, '127.0.0.1');
    socket.write(wire({ ...genuine, body: genuine.body.slice(0, 10) }));
    await expect.poll(() => webhookServer.stats().inFlight).toBe(1);
    socket.destroy();
    await expect.poll(() => rejections.map((rejection) => rejection.code)).toEqual(['ERR_BODY_ABORTED']);
    expect(seen).toEqual([]);
    expect(webhookServer.stats().inFlight).toBe(0);
    // The call itself was not used up.
    expect((await send(`http://127.0.0.1:${port}`, genuine)).status).toBe(200);
  });

  it.each([
    ['at once', true],
    ['after the head', false],
  ])('with broken chunks, %s, are no call, and their sender gets an answer', async (_, together) => {
    const { to, rejections, seen } = await start();
    // Without the length in its list, a call may come in chunks.
    const genuine = call({ headerList: ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'] });
    const lines = genuine.headers.filter(([name]) => name !== 'Content-Length');
    const head = wire({ ...genuine, headers: lines, body: new Uint8Array() }, [['Transfer-Encoding', 'chunked']]);
    const broken = Buffer.from('zz\r\n');
    const answer = await rawExchange(to, ...(together ? [Buffer.concat([head, broken])] : [head, broken]));
    expect(statuses(answer)).toEqual([400]);
    expect(rejections.map((rejection) => rejection.code)).toEqual(['ERR_BODY_ABORTED']);
    expect(seen).toEqual([]);
  });

  it('that are followed by what is no HTTP are taken, and the connection is closed', async () => {
    const { to, seen } = await start();
    const answer = await rawExchange(to, Buffer.concat([wire(call()), Buffer.from('no HTTP\r\n\r\n')]));
    expect(statuses(answer)[0]).toBe(200);
    expect(seen).toHaveLength(1);
  });
});

describe('connections', () => {
  it('carry one call after another, refused ones between them, also when they come at once', async () => {
    const { to, seen } = await start();
    const answer = await rawExchange(
      to,
      Buffer.concat([
        wire(call()),
        wire(call({ fault: 'stale-date' })),
        wire(call()),
        wire(call({ fault: 'altered-body' })),
        wire(call(), closing),
      ]),
    );
    expect(statuses(answer)).toEqual([200, 401, 200, 401, 200]);
    expect(seen).toHaveLength(3);
  });

  it('whose client has gone do not stop a handler that has begun, and its call counts as handled', async () => {
    const [begun, go] = [signal(), signal()];
    let runs = 0;
    const { port, to, webhookServer } = await start({
      on: {
        open: async () => {
          runs++;
          begun.resolve();
          await go.promise;
        },
      },
    });
    const what = call();
    const socket = connect(port, '127.0.0.1');
    socket.write(wire(what));
    await begun.promise;
    socket.destroy();
    go.resolve();
    await expect.poll(() => webhookServer.stats().accepted).toBe(1);
    expect((await send(to, what)).status).toBe(200);
    expect(runs).toBe(1);
  });

  it('that ask to be upgraded get a plain answer', async () => {
    const { to } = await start();
    const answer = await rawExchange(
      to,
      wire(call(), [
        ['Connection', 'Upgrade, close'],
        ['Upgrade', 'websocket'],
      ]),
    );
    expect(statuses(answer)).toEqual([200]);
  });

  it('are closed at the end: idle ones at once, busy ones after their answer', async () => {
    const [begun, go] = [signal(), signal()];
    const { to, port, webhookServer } = await start({
      on: {
        open: async () => {
          begun.resolve();
          await go.promise;
        },
      },
    });
    const idle = connect(port, '127.0.0.1');
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    idle.on('error', () => {});
    const busy = rawExchange(to, wire(call()));
    await begun.promise;
    const closed = webhookServer.close({ timeoutMs: 5000 });
    go.resolve();
    expect(statuses(await busy)).toEqual([200]);
    await closed;
    idle.destroy();
    await idleClosed;
    await expect(send(to)).rejects.toMatchObject({ code: 'ERR_SEND_REFUSED' });
  });
});

it('many calls at once are each handled once', async () => {
  const { to, seen } = await start();
  const results = await Promise.all(Array.from({ length: 200 }, () => send(to)));
  expect(results.every((result) => result.status === 200)).toBe(true);
  expect(new Set(seen).size).toBe(200);
});
