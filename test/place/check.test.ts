import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from '../cli/process.testing.js';
import { listening } from '../vendor.testing.js';

const contents = Buffer.from('verification of 1234\nsecond line\n');

function file(name = 'smtpeter-abc.txt', bytes: Uint8Array | string = contents): string {
  const path = join(emptyFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

const portOf = (to: string) => new URL(to).port;

async function check(
  listener: RequestListener,
  path = '/dir/script.php',
  more: readonly string[] = ['--file', file()],
) {
  const port = portOf(await listening(createServer(listener)));
  return checked([`http://shop.test:${port}${path}`, '--resolve', `shop.test:${port}:127.0.0.1`, ...more]);
}

async function checked(args: readonly string[], cwd?: string) {
  const { code, stdout, stderr } = await run(['check', '--json', ...args], cwd === undefined ? {} : { cwd });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  return { code, report, results: (report.candidates ?? []).map((one: { result: string }) => one.result) };
}

/** Serves something at one path. */
const at =
  (path: string, answer: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === path) return answer(request, response);
    response.statusCode = 404;
    response.end('nothing here');
  };
const sends =
  (body: Uint8Array | string, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

describe('check', () => {
  it('finds the file beside the script, and at the root', async () => {
    for (const [path, results] of [
      ['/dir/smtpeter-abc.txt', ['match', 'not-found']],
      ['/smtpeter-abc.txt', ['not-found', 'match']],
    ] as const) {
      const { code, report } = await check(at(path, sends(contents)), '/dir/script.php?x=1');
      expect(code).toBe(0);
      expect(report).toMatchObject({ ok: true, verified: true });
      expect(report.candidates.map((one: { result: string }) => one.result)).toEqual(results);
      expect(Object.keys(report.candidates[0]).sort()).toEqual(['detail', 'result', 'status', 'url']);
    }
  });

  it('the URL at the root has one place', async () => {
    const { code, results } = await check(at('/smtpeter-abc.txt', sends(contents)), '/script.php');
    expect([code, results]).toEqual([0, ['match']]);
  });

  it.each([
    ['a BOM', sends(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), contents])), 'differs', /BOM/],
    ['line ends', sends(contents.toString().replaceAll('\n', '\r\n')), 'differs', /line ends/i],
    ['a cut end', sends(contents.subarray(0, 9)), 'differs', /first 9 of/],
    ['white space', sends(contents.toString().trim()), 'differs', /White space/],
    ['something else', sends('another'), 'differs', /sha256/],
    ['a page', sends('<!DOCTYPE html><title>Shop</title>'), 'differs', /HTML/],
    ['a log-in page', sends('<html><input type="password">'), 'differs', /log-in page/],
    ['compression', sends(contents, 200, { 'Content-Encoding': 'gzip' }), 'differs', /compressed/],
    ['nothing', sends(''), 'differs', /empty/],
    [
      'a redirect',
      sends('', 301, { Location: 'https://shop.test/elsewhere' }),
      'redirect',
      /https:\/\/shop\.test\/elsewhere/,
    ],
    ['a redirect to a log-in', sends('', 302, { Location: '/login?next=x' }), 'redirect', /log-in/],
    ['403', sends('', 403), 'forbidden', /0644/],
    ['401', sends('', 401), 'forbidden', /log-in/],
    ['500', sends('', 502), 'server-error', /502/],
    ['too much', sends(Buffer.alloc(65_537, 'x')), 'too-large', /64 KiB/],
    ['204', sends('', 204), 'differs', /204/],
  ] as const)('names %s', async (_, answer, result, detail) => {
    const { code, report } = await check(at('/dir/smtpeter-abc.txt', answer));
    expect(code).toBe(1);
    expect(report).toMatchObject({ ok: false, code: 'ERR_NOT_VERIFIED', verified: false });
    expect(report.candidates[0]).toMatchObject({ result, detail: expect.stringMatching(detail) });
  });

  it('reads no further than 64 KiB of what never ends', async () => {
    let written = 0;
    const { results } = await check((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written++;
        written++;
      };
      response.on('drain', more);
      more();
    });
    expect(results).toEqual(['too-large', 'too-large']);
    expect(written).toBeLessThan(2000);
  });

  it('does not wait for longer than 5 s: a server that says nothing, and one that trickles', async () => {
    const { code, report, results } = await check((request, response) => {
      if (request.url !== '/smtpeter-abc.txt') return;
      const timer = setInterval(() => response.write('x'), 100);
      response.on('close', () => clearInterval(timer));
    });
    expect(code).toBe(3);
    expect(results).toEqual(['timeout', 'timeout']);
    expect(report).toMatchObject({ ok: false, code: 'ERR_UNREACHABLE' });
  });

  it('nothing listens, nonsense comes, the connection is cut: exit 3', async () => {
    const to = await listening(createServer());
    for (const talk of ['SSH-2.0-nonsense\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf', '']) {
      const server = createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.end(talk);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const { code, results } = await checked([
        `http://shop.test:${port}/a/b`,
        '--resolve',
        `shop.test:${port}:127.0.0.1`,
        '--file',
        file(),
      ]);
      expect([code, results]).toEqual([3, ['unreachable', 'unreachable']]);
      server.close();
    }
    expect(to).toContain('127.0.0.1');
    const { code, report } = await checked(['http://127.0.0.1:1/a/b', '--file', file()]);
    expect(code).toBe(3);
    expect(report.candidates[0].detail).toContain('ECONNREFUSED');
  });

  it('with a name alone: found, and nothing verified', async () => {
    const found = await check(at('/smtpeter-abc.txt', sends('x')), '/a/b', ['--name', 'smtpeter-abc.txt']);
    expect(found).toMatchObject({ code: 0, report: { ok: true, verified: null }, results: ['not-found', 'found'] });
    const page = await check(sends('<html>'), '/a/b', ['--name', 'smtpeter-abc.txt']);
    expect(page).toMatchObject({ code: 1, results: ['differs', 'differs'] });
  });

  it('without a file takes the one that is here, and asks when there are several', async () => {
    const folder = emptyFolder();
    const port = portOf(await listening(createServer(at('/smtpeter-abc.txt', sends(contents)))));
    const args = [`http://shop.test:${port}/a`, '--resolve', `*:${port}:127.0.0.1`];
    expect(await checked(args, folder)).toMatchObject({ code: 2, report: { ok: false } });
    writeFileSync(join(folder, 'smtpeter-abc (1).txt'), contents);
    expect(await checked(args, folder)).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'smtpeter-b.txt'), contents);
    const several = await checked(args, folder);
    expect(several).toMatchObject({ code: 2, report: { ok: false, code: 'ERR_SEVERAL_FILES' } });
    expect(several.report.candidates).toHaveLength(2);
  });

  it.each([
    [['example.com/x', '--name', 'smtpeter-a.txt'], 2],
    [['ftp://example.com/x', '--name', 'smtpeter-a.txt'], 2],
    [['http://example.com/x', '--name', '../a.txt'], 2],
    [['http://example.com/x', '--name', 'smtpeter-a.txt', '--resolve', 'example.com:80:nowhere'], 2],
    [['http://example.com/x', '--file', '/nowhere/smtpeter-a.txt'], 3],
    [['http://example.com/x', '--name', 'smtpeter-a.txt', '--ca', '/nowhere'], 3],
    [['http://example.com/x', '--bogus'], 2],
  ])('%j ends with %i, in JSON', async (args, code) => {
    const result = await checked(args);
    expect(result).toMatchObject({
      code,
      report: { ok: false, code: expect.stringMatching(/^ERR_/), message: expect.any(String) },
    });
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasOpenssl())('check over TLS (with openssl at hand)', () => {
  it('verifies the certificate, also that of a private authority, and for the right host', async () => {
    const folder = emptyFolder();
    const path = (name: string) => join(folder, name);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=shop.test',
        '-addext',
        'subjectAltName=DNS:shop.test',
        '-keyout',
        path('key.pem'),
        '-out',
        path('cert.pem'),
      ],
      { stdio: 'ignore' },
    );
    const server = createTlsServer(
      { key: execFileSync('cat', [path('key.pem')]), cert: execFileSync('cat', [path('cert.pem')]) },
      at('/smtpeter-abc.txt', sends(contents)),
    );
    const port = portOf(await listening(server as never));
    const args = (host: string) => [
      `https://${host}:${port}/a/b`,
      '--resolve',
      `${host}:${port}:127.0.0.1`,
      '--file',
      file(),
    ];
    expect(await checked([...args('shop.test'), '--ca', path('cert.pem')])).toMatchObject({
      code: 0,
      results: ['not-found', 'match'],
    });
    const unknown = await checked(args('shop.test'));
    expect(unknown).toMatchObject({ code: 3, results: ['tls-error', 'tls-error'] });
    expect(unknown.report.candidates[0].detail).toContain('self-signed');
    const other = await checked([...args('other.test'), '--ca', path('cert.pem')]);
    expect(other).toMatchObject({ code: 3, results: ['tls-error', 'tls-error'] });
    expect(other.report.candidates[0].detail).toContain('another host');
  });

  it('plain HTTP at an https port is told', async () => {
    const port = portOf(await listening(createServer(sends(contents))));
    const { results } = await checked([
      `https://shop.test:${port}/a`,
      '--resolve',
      `shop.test:${port}:127.0.0.1`,
      '--file',
      file(),
    ]);
    expect(results).toEqual(['tls-error']);
  });
});
