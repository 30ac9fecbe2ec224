import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sendMany } from './send-many.js';
import { sendRequest } from './send-request.js';
import { signRequest } from './sign-request.js';
import { createTestKey } from './test-key.js';

const key = createTestKey({ bits: 1024 });
const call = (n = 0, url = 'http://example.com/hooks') =>
  signRequest({ url, id: 'environment-1', key, keyId: 'one.copernica.com', body: `{"n":${n}}`, nonce: `n${n}` });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

describe('a call', () => {
  it('arrives as it was signed: target, every header line in order, body', async () => {
    let seen: unknown;
    const to = await serve(async (request, response) => {
      seen = {
        target: request.url,
        lines: request.rawHeaders.slice(0, -2),
        last: request.rawHeaders.at(-2),
        body: await bodyOf(request),
      };
      response.end('done');
    });
    const signed = call();
    const result = await sendRequest(signed, { to: `${to}/elsewhere` });
    expect(result).toMatchObject({ status: 200, body: 'done' });
    expect(seen).toEqual({
      target: '/hooks',
      lines: signed.headers.flat(),
      last: 'Connection',
      body: '{"n":0}',
    });
  });

  it('of an https URL over plain HTTP says what a proxy would, unless told not to', async () => {
    const to = await serve((request, response) => response.end(String(request.headers['x-forwarded-proto'])));
    const signed = call(0, 'https://example.com/hooks');
    expect((await sendRequest(signed, { to })).body).toBe('https');
    expect((await sendRequest(signed, { to, forwardedProto: false })).body).toBe('undefined');
    expect((await sendRequest(call(), { to })).body).toBe('undefined');
  });

  it('that is not answered tells why', async () => {
    const silent = await serve(() => {});
    await expect(sendRequest(call(), { to: silent, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'ERR_SEND_TIMEOUT',
    });
    const closing = await serve((request) => request.socket.destroy());
    await expect(sendRequest(call(), { to: closing })).rejects.toMatchObject({ code: 'ERR_SEND_CLOSED' });
    const signal = AbortSignal.abort();
    await expect(sendRequest(call(), { to: silent, signal })).rejects.toMatchObject({ code: 'ERR_SEND_ABORTED' });
    const gone = await serve(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(sendRequest(call(), { to: gone })).rejects.toMatchObject({ code: 'ERR_SEND_REFUSED' });
  });

  it('whose answer is endless is read no further than 64 KiB', async () => {
    const to = await serve((_, response) => response.end('x'.repeat(200_000)));
    expect((await sendRequest(call(), { to })).body).toHaveLength(65_536);
  });
});

describe('many calls', () => {
  it('are counted by their answers', async () => {
    let inFlight = 0;
    let most = 0;
    const to = await serve(async (request, response) => {
      most = Math.max(most, ++inFlight);
      const { n } = JSON.parse(await bodyOf(request));
      response.statusCode = n % 10 === 0 ? 401 : 200;
      if (n === 55) request.socket.destroy();
      inFlight--;
      response.end();
    });
    const results: number[] = [];
    const summary = await sendMany({
      count: 100,
      concurrency: 4,
      next: (n) => call(n),
      to,
      onResult: (_, index) => results.push(index),
    });
    expect(summary).toMatchObject({
      sent: 100,
      accepted: 89,
      refused: 10,
      failed: 1,
      statuses: { 200: 89, 401: 10 },
      errors: { ERR_SEND_CLOSED: 1 },
    });
    expect(most).toBeLessThanOrEqual(4);
    expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const { p50 = -1, p99 = -1, max = -1 } = summary.latencyMs ?? {};
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(max).toBeGreaterThanOrEqual(p99);
  });

  it('at a rate do not begin before their time', async () => {
    const to = await serve((_, response) => response.end());
    const startedAt = performance.now();
    await sendMany({ count: 11, ratePerSecond: 100, next: (n) => call(n), to });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
  });

  it('end when they are told to', async () => {
    const stop = new AbortController();
    const to = await serve((_, response) => response.end());
    const summary = await sendMany({
      count: 1_000_000,
      next: (n) => {
        if (n === 20) stop.abort();
        return call(n);
      },
      to,
      signal: stop.signal,
    });
    expect(summary.sent).toBeLessThan(40);
  });
});
