import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, rawExchange, send, url, wire } from '../vendor.testing.js';
import { listen } from './listen.testing.js';
import { keyServer, run, start } from './process.testing.js';

const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('what listen --json prints', () => {
  it('is a ready line once it accepts, and one line a call', async () => {
    const listener = await listen();
    expect(listener.lines()).toEqual([{ line: 'ready', address: '127.0.0.1', port: listener.port }]);
    const genuine = call({ kind: 'click' });
    expect((await send(listener.to, genuine)).status).toBe(200);
    // Written before the answer: it is there by now.
    const event = (await listener.line('event')) as { line: string; event: Record<string, unknown> };
    expect(event.line).toBe('event');
    expect(event.event).toMatchObject({ kind: 'click', identity: id, raw: { type: 'click' } });
    expect(Date.parse(String(event.event['occurredAt']))).not.toBeNaN();

    expect((await send(listener.to, genuine)).status).toBe(200);
    await expect(listener.line('duplicate')).resolves.toMatchObject({ identity: id, key: event.event['key'] });

    expect((await send(listener.to, call({ fault: 'altered-body' }))).status).toBe(401);
    await expect(listener.line('rejected')).resolves.toMatchObject({ code: 'ERR_DIGEST_MISMATCH', status: 401 });
    expect(listener.lines()[3]?.['reason']).toBeTypeOf('string');
    listener.child.kill('SIGTERM');
    await expect(listener.ended).resolves.toMatchObject({ code: 0, signal: null });
  });

  it('has a line for every refusal of any kind', async () => {
    const listener = await listen(['--max-body', '2000']);
    const refused = async (status: number, code: string, nth: number, exchange: Promise<unknown>) => {
      await exchange;
      await expect(listener.line('rejected', nth)).resolves.toMatchObject({ status, code });
    };
    await refused(404, 'ERR_PATH_MISMATCH', 1, send(listener.to, call({ url: 'https://example.com/other' })));
    await refused(405, 'ERR_METHOD_NOT_ALLOWED', 2, send(listener.to, call({ method: 'GET' })));
    await refused(403, 'ERR_INSECURE_TRANSPORT', 3, send(listener.to, call(), { forwardedProto: false }));
    await refused(421, 'ERR_HOST_MISMATCH', 4, send(listener.to, call({ fault: 'wrong-host' })));
    await refused(413, 'ERR_BODY_TOO_LARGE', 5, send(listener.to, call({ body: 'x'.repeat(2001) })));
    await refused(415, 'ERR_CONTENT_ENCODING', 6, send(listener.to, call({ fault: 'gzip-body' })));
    await refused(400, 'ERR_HTTP_UNREADABLE', 7, rawExchange(listener.to, 'nonsense\r\n\r\n'));
    const large = `POST / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
    await refused(431, 'ERR_HEADERS_TOO_LARGE', 8, rawExchange(listener.to, large));
    await refused(
      417,
      'ERR_EXPECTATION',
      9,
      rawExchange(
        listener.to,
        wire(call(), [
          ['Expect', 'a cake'],
          ['Connection', 'close'],
        ]),
      ),
    );
    const cut = connect(listener.port, '127.0.0.1');
    cut.on('error', () => {});
    cut.write(wire(call()).subarray(0, -5), () => cut.end());
    await expect(listener.line('rejected', 10)).resolves.toMatchObject({ status: 400, code: 'ERR_BODY_ABORTED' });
    expect(listener.lines().every((one) => ['ready', 'rejected'].includes(String(one.line)))).toBe(true);
  });

  it('answers 408 to a head or a body that stands still, in 15 s and not before', { timeout: 60_000 }, async () => {
    const listener = await listen();
    const startedAt = performance.now();
    const answers = await Promise.all([
      rawExchange(listener.to, 'POST / HTTP/1.1\r\nHost: example.com\r\n'),
      rawExchange(listener.to, wire(call()).subarray(0, -5)),
    ]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - startedAt).toBeGreaterThan(14_000);
    await listener.line('rejected', 2);
    const codes = listener.lines().map((one) => one['code']);
    expect(codes.sort()).toEqual(['ERR_BODY_TIMEOUT', 'ERR_REQUEST_TIMEOUT', undefined]);
  });

  it('gives the bytes of what it cannot read as base64', async () => {
    const listener = await listen();
    const body = Buffer.from([0xff, 0x00, 0xfe]);
    expect((await send(listener.to, call({ body }))).status).toBe(200);
    const { event } = (await listener.line('event')) as unknown as { event: Record<string, unknown> };
    expect(event['kind']).toBe('unknown');
    expect(JSON.stringify(event)).toContain(body.toString('base64'));
  });
});

describe('which calls listen takes', () => {
  it('one id for several urls, told apart by Host and path', async () => {
    const urls = ['https://example.com/a', 'https://example.com/b', 'https://other.example/a'];
    const listener = await listen(['--id', id, ...urls.flatMap((one) => ['--url', one])]);
    for (const one of urls) expect((await send(listener.to, call({ url: one }))).status).toBe(200);
    expect((await send(listener.to, call({ url: 'https://other.example/b' }))).status).toBe(404);
  });

  it('several ids, each with the url at its place', async () => {
    const pairs = [
      '--id',
      'environment-1',
      '--url',
      'https://example.com/1',
      '--id',
      'account-2',
      '--url',
      'https://example.com/2',
    ];
    const listener = await listen(pairs);
    const of = (one: string, number: number) => call({ id: one, url: `https://example.com/${number}` });
    expect((await send(listener.to, of('environment_1', 1))).status).toBe(200);
    expect((await send(listener.to, of('Account-2', 2))).status).toBe(200);
    expect((await send(listener.to, of('environment-1', 2))).status).toBe(401);
    await expect(listener.line('rejected')).resolves.toMatchObject({ code: 'ERR_IDENTITY_MISMATCH' });
  });

  it.each([
    ['1', 200],
    ['0', 403],
    ['127.0.0.0/8', 200],
    ['10.0.0.0/8,loopback', 200],
    ['10.0.0.0/8', 403],
    ['uniquelocal', 403],
  ])('behind --trust-proxy %s a call that says https gets %i', async (trust, status) => {
    const listener = await listen(['--trust-proxy', trust]);
    expect((await send(listener.to)).status).toBe(status);
  });

  it("of several X-Forwarded-Proto values only the nearest hop's counts", async () => {
    const listener = await listen();
    const forwarded = (value: string) =>
      send(listener.to, call(), { forwardedProto: false, headers: [['X-Forwarded-Proto', value]] });
    expect((await forwarded('https, http')).status).toBe(403);
    expect((await forwarded('http, https')).status).toBe(200);
  });

  it('with --signed-url configured those of which a proxy rewrote Host and path', async () => {
    const listener = await listen(['--signed-url', 'configured']);
    const { headers, ...rest } = call();
    const rewritten = {
      ...rest,
      target: '/inner',
      headers: headers.map(([n, v]) => [n, n === 'Host' ? '10.0.0.1' : v] as const),
    };
    expect((await send(listener.to, rewritten)).status).toBe(200);
  });

  it('with --tolerance those that are not older', async () => {
    const listener = await listen(['--tolerance', '7200']);
    expect((await send(listener.to, call({ fault: 'stale-date' }))).status).toBe(200);
  });
});

describe('how listen ends', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: finishes what is in flight, takes nothing new, exits 0',
    async (signal) => {
      const listener = await listen();
      const text = wire(call());
      const socket = connect(listener.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const idle = connect(listener.port, '127.0.0.1');
      const idleClosed = new Promise((resolve) => idle.once('close', resolve));
      idle.resume();
      // 100 Continue says that the head holds, so that the call is really in flight.
      const head = text.subarray(0, text.indexOf('\r\n\r\n'));
      socket.write(Buffer.concat([head, Buffer.from('\r\nExpect: 100-continue\r\n\r\n')]));
      await new Promise((resolve) => socket.once('data', resolve));
      expect(answer).toMatch(/^HTTP\/1\.1 100 /);
      listener.child.kill(signal);
      await idleClosed;
      await expect(send(listener.to)).rejects.toMatchObject({ code: 'ERR_SEND_REFUSED' });
      socket.write(text.subarray(text.indexOf('\r\n\r\n') + 4));
      await closed;
      expect(answer).toMatch(/HTTP\/1\.1 200 /);
      await expect(listener.ended).resolves.toMatchObject({ code: 0, signal: null });
      expect(listener.lines().map((one) => one.line)).toEqual(['ready', 'event']);
    },
  );

  it('stdout closed: the call is answered 503, and the exit code is 3', async () => {
    const listener = await listen();
    listener.child.stdout?.destroy();
    // The pipe's end is known to the writer only when it writes.
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const status = await send(listener.to).then(
        (answer) => answer.status,
        () => 0,
      );
      statuses.push(status);
      if (status !== 200) break;
    }
    expect(statuses).toEqual([503]);
    await expect(listener.ended).resolves.toMatchObject({ code: 3 });
  });

  it('a port in use: exit 3, and says which', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => server.close());
    const port = String((server.address() as { port: number }).port);
    const plain = await run(['listen', '--id', id, '--url', url, '--port', port]);
    expect(plain).toMatchObject({ code: 3, stdout: '' });
    expect(plain.stderr).toContain(port);
    const json = await run(['listen', '--id', id, '--url', url, '--port', port, '--json']);
    expect(json.code).toBe(3);
    expect(jsonOf(json.stdout)).toMatchObject({ ok: false, code: 'ERR_LISTEN' });
  });
});

describe('misuse of listen is exit 2', () => {
  it.each([
    [['--id', id]],
    [['--url', url]],
    [['--id', id, '--url', url, '--unknown']],
    [['--id', id, '--url', url, '--port', '70000']],
    [['--id', id, '--url', url, '--port', 'x']],
    [['--id', id, '--url', url, '--tolerance', '0']],
    [['--id', id, '--url', url, '--max-body', '0']],
    [['--id', id, '--url', url, '--signed-url', 'guess']],
    [['--id', id, '--url', url, '--trust-proxy', 'everybody']],
    [['--id', id, '--url', url, '--dns', 'not an address']],
    [['--id', 'nobody', '--url', url]],
    [['--id', id, '--url', '/hooks']],
    [['--id', id, '--id', 'account-2', '--url', url]],
    [['--id', id, '--url', url, 'surplus']],
  ])('%j', async (args) => {
    const result = await run(['listen', '--port', '0', '--json', ...args]);
    expect(result.code).toBe(2);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
    expect(jsonOf(result.stdout)['message']).toBeTypeOf('string');
  });
});

describe('without --json', () => {
  it('lines are for people, and received text is cleaned of control characters', async () => {
    const dns = await keyServer();
    const args = ['listen', '--id', id, '--url', url, '--port', '0', '--dns', dns.server, '--trust-proxy', 'loopback'];
    const listener = start(args);
    await listener.says('listening on ');
    const to = /http:\/\/127\.0\.0\.1:\d+/.exec(listener.stdout())?.[0] ?? '';
    const hostile = 'a\u001b[31mred\u0007\u009b2J\u202eevil\r\nforged line@example.org';
    expect((await send(to, call({ fields: { recipient: hostile } }))).status).toBe(200);
    expect((await send(to, call({ id: 'environment-1\u009b2J' }))).status).toBe(401);
    await listener.says('ERR_IDENTITY_MISMATCH');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(listener.stdout()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(listener.stdout()).not.toContain('\nforged');
  });
});
