import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, id, keyId, listening, send, url, wire } from '../vendor.testing.js';
import { listen } from './listen.testing.js';
import { emptyFolder, keyFile, run } from './process.testing.js';

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: string[];
  readonly body: Buffer;
}

/** A server that writes down what it gets, byte for byte. */
async function target(status = 200): Promise<{ to: string; seen: Seen[]; answer: (status: number) => void }> {
  const seen: Seen[] = [];
  let answer = status;
  const to = await listening(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', rawHeaders } = request;
        seen.push({ method, target: path, headers: rawHeaders, body: Buffer.concat(chunks) });
        response.writeHead(answer);
        response.end();
      });
    }),
  );
  return {
    to,
    seen,
    answer: (next) => {
      answer = next;
    },
  };
}

const pairs = (headers: readonly string[]) =>
  headers.flatMap((name, i) => (i % 2 === 0 && name !== 'Connection' ? [[name, headers[i + 1]]] : []));

describe('--forward-to', () => {
  it('passes a genuine call on byte for byte, header lines and Host kept, so that it verifies there too', async () => {
    const inner = await listen();
    const outer = await listen(['--forward-to', inner.to]);
    const genuine = call({ url: `${url}?a=1&b=%20` });
    expect((await send(outer.to, genuine)).status).toBe(200);
    await expect(inner.line('event')).resolves.toMatchObject({ event: { identity: id } });
    await expect(outer.line('forwarded')).resolves.toMatchObject({ to: inner.to, status: 200 });

    const plain = await target();
    const other = await listen(['--forward-to', plain.to]);
    expect((await send(other.to, genuine)).status).toBe(200);
    expect(plain.seen).toHaveLength(1);
    const [seen] = plain.seen;
    expect(seen).toMatchObject({
      method: 'POST',
      target: '/hooks/smtpeter?a=1&b=%20',
      body: Buffer.from(genuine.body),
    });
    expect(pairs(seen?.headers ?? [])).toEqual([...genuine.headers, ['X-Forwarded-Proto', 'https']]);
  });

  it('says of a target with a path that the path is not used', async () => {
    const plain = await target();
    const outer = await listen(['--forward-to', `${new URL('/mine?x=1', plain.to)}`]);
    await outer.says('/mine?x=1 is not used: each call goes to the path that was signed.');
    expect((await send(outer.to, call())).status).toBe(200);
    expect(plain.seen[0]?.target).toBe('/hooks/smtpeter');
    expect((await listen(['--forward-to', plain.to])).stderr()).not.toContain('not used');
  });

  it('passes nothing else on, answers 500 to what the target refuses, and 503 when it is gone', async () => {
    const refusing = await target(500);
    const listener = await listen(['--forward-to', refusing.to]);
    expect((await send(listener.to, call({ fault: 'altered-body' }))).status).toBe(401);
    expect(refusing.seen).toHaveLength(0);
    const genuine = call();
    expect((await send(listener.to, genuine)).status).toBe(500);
    await expect(listener.line('forwarded')).resolves.toMatchObject({ status: 500 });
    refusing.answer(204);
    expect((await send(listener.to, genuine)).status).toBe(200);
    const gone = createServer();
    const nowhere = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    const lonely = await listen(['--forward-to', nowhere]);
    expect((await send(lonely.to)).status).toBe(503);
    await expect(lonely.line('forward-failed')).resolves.toMatchObject({ to: nowhere, code: 'ERR_SEND_REFUSED' });
  });

  it('by kind, and --kind takes some kinds alone', async () => {
    const opens = await target();
    const others = await target();
    const listener = await listen(['--forward', `open=${opens.to}`, '--forward-to', others.to]);
    for (const kind of ['open', 'click', 'profile.update'] as const) {
      expect((await send(listener.to, call({ kind }))).status).toBe(200);
    }
    expect([opens.seen.length, others.seen.length]).toEqual([1, 2]);
    const picky = await listen(['--kind', 'click', '--kind', 'abuse']);
    for (const kind of ['open', 'click', 'abuse'] as const) {
      expect((await send(picky.to, call({ kind }))).status).toBe(200);
    }
    // Written before the answer; through the pipe it may come after it.
    await picky.line('event', 2);
    const kinds = picky
      .lines()
      .flatMap((one) => (one.line === 'event' ? [(one['event'] as { kind: string }).kind] : []));
    expect(kinds).toEqual(['click', 'abuse']);
  });

  it.each([
    [['--forward-to', 'example.com']],
    [['--forward', 'http://127.0.0.1:1']],
    [['--forward', 'opened=http://127.0.0.1:1']],
    [['--kind', 'opened']],
  ])('misuse: %j', async (args) => {
    const result = await run(['listen', '--id', id, '--url', url, '--port', '0', '--json', ...args]);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
  });
});

describe('--capture', () => {
  it('keeps each call as a file that only the user can read, up to a limit, refused ones apart', async () => {
    const folder = join(emptyFolder(), 'new', 'calls');
    const listener = await listen(['--capture', folder, '--capture-limit', '2']);
    const [genuine, altered] = [call(), call({ fault: 'altered-body' })];
    for (const one of [altered, altered, altered, genuine, genuine, call()]) await send(listener.to, one);
    const whole = () => readdirSync(folder).filter((file) => file.endsWith('.json'));
    await expect.poll(() => whole().length).toBe(4);
    const outcomes = readdirSync(folder).map((file) => /-(\w+)\.json$/.exec(file)?.[1]);
    expect(outcomes.sort()).toEqual(['duplicate', 'event', 'rejected', 'rejected']);
    expect(listener.stderr()).toContain('As many refused calls are kept');
    expect(listener.stderr()).toContain('--capture-limit');
    if (process.platform !== 'win32') {
      for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('has the whole body of a call that was refused by its head alone', async () => {
    const folder = emptyFolder();
    const listener = await listen(['--capture', folder]);
    const large = call({ body: 'x'.repeat(300_000), fault: 'wrong-identity' });
    await send(listener.to, large).catch(() => {});
    await expect.poll(() => readdirSync(folder).filter((file) => file.endsWith('.json')).length).toBe(1);
    const result = await run([
      'verify',
      join(folder, readdirSync(folder)[0] ?? ''),
      '--id',
      id,
      '--url',
      url,
      '--key',
      keyFile(),
      '--json',
    ]);
    expect(JSON.parse(result.stdout)).toMatchObject({
      code: 'ERR_IDENTITY_MISMATCH',
      cause: { id: 'another-identity', proven: true },
    });
  });

  it('a directory that cannot be made is exit 3', async () => {
    const args = ['listen', '--id', id, '--url', url, '--port', '0', '--json', '--capture', join(keyFile(), 'below')];
    const result = await run(args);
    expect(result.code).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code: 'ERR_CAPTURE_FOLDER' });
  });
});

describe('replay', () => {
  const write = (content: Buffer) => {
    const file = join(emptyFolder(), 'call.http');
    writeFileSync(file, content);
    return file;
  };

  it('sends calls as they were, in their order', async () => {
    const plain = await target();
    const [first, second] = [call(), call({ kind: 'click' })];
    const files = [first, second].map((one) => write(wire(one)));
    const result = await run(['replay', ...files, '--to', plain.to, '--json']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: true,
      results: files.map((captured) => ({ captured, status: 200 })),
    });
    expect(plain.seen.map((one) => one.body)).toEqual([Buffer.from(first.body), Buffer.from(second.body)]);
    expect(pairs(plain.seen[0]?.headers ?? []).slice(0, first.headers.length)).toEqual(first.headers);
  });

  it('signs them afresh with a test key', async () => {
    const listener = await listen();
    const old = write(wire(call({ date: new Date(Date.now() - 86_400_000) })));
    const asItWas = await run(['replay', old, '--to', listener.to, '--json']);
    expect(asItWas.code).toBe(1);
    expect(JSON.parse(asItWas.stdout)).toMatchObject({ ok: false, code: 'ERR_REFUSED', results: [{ status: 401 }] });
    const afresh = await run(['replay', old, '--to', listener.to, '--key', keyFile(), '--key-id', keyId]);
    expect(afresh).toMatchObject({ code: 0 });
    await expect(listener.line('event')).resolves.toMatchObject({ event: { kind: 'open' } });
  });

  it('says what it could not do', async () => {
    const file = write(wire(call()));
    expect(await run(['replay', file, '--to', 'http://127.0.0.1:9', '--json'])).toMatchObject({ code: 3 });
    expect(await run(['replay', file, '--to', 'http://127.0.0.1:9', '--key', keyFile()])).toMatchObject({ code: 2 });
    expect(await run(['replay', file, '--to', 'http://127.0.0.1:9', '--as', url])).toMatchObject({ code: 2 });
    expect(await run(['replay', join(emptyFolder(), 'none'), '--to', 'http://127.0.0.1:9'])).toMatchObject({ code: 3 });
  });
});
