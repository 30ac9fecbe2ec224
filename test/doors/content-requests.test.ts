import { createServer } from 'node:http';
import { contentRequestOf, contentRequests as forExpress } from '@smtpeter-webhooks/express';
import { contentRequests as forFastify } from '@smtpeter-webhooks/fastify';
import type { ContentOptions } from '@smtpeter-webhooks/receiver';
import { contentRequests as forFetch } from '@smtpeter-webhooks/receiver/fetch';
import { contentRequests as forNode } from '@smtpeter-webhooks/receiver/node';
import { type SignOptions, sendRequest } from '@smtpeter-webhooks/sender';
import { createTestVendor, toRequest } from '@smtpeter-webhooks/sender/testing';
import { createContentVerifier } from '@smtpeter-webhooks/verify';
import express from 'express';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { atEnd, memoryLog } from '../vendor.testing.js';
import { onFreePort } from './listening.testing.js';

const vendor = createTestVendor({ url: 'https://example.com/mailings/' });
const page = (change: Partial<SignOptions> = {}) =>
  vendor.call('open', { url: 'https://example.com/mailings/intro?for=jane', method: 'GET', body: '', ...change });
const unsigned = () => page({ fault: 'unsigned' });
type Call = ReturnType<typeof page>;

/** What a page says: whose request it was. */
const shown = (request: object) => contentRequestOf(request)?.url ?? 'everyone';

type Start = (options: ContentOptions) => Promise<(call: Call) => Promise<{ status: number; body: string }>>;

async function over(server: Awaited<ReturnType<typeof onFreePort>>) {
  atEnd(() => server.close?.());
  return (call: Call) => sendRequest(call, { to: server.to ?? '' });
}

const doors: [string, Start][] = [
  [
    'Express',
    (options) => {
      const app = express().set('trust proxy', 'loopback');
      app.use('/mailings', forExpress(options), (request, response) => void response.send(shown(request)));
      return onFreePort(createServer(app)).then(over);
    },
  ],
  [
    'Fastify',
    async (options) => {
      const app = fastify({ trustProxy: '127.0.0.1' });
      const methods = ['GET', 'POST'];
      app.route({
        url: '/*',
        method: methods,
        onRequest: forFastify(options),
        handler: (request) => shown(request.raw),
      });
      return over({ to: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() });
    },
  ],
  [
    'node:http',
    (options) => {
      const guarded = forNode({ ...options, trustProxy: 'loopback' }, (request, response) =>
        response.end(shown(request)),
      );
      return onFreePort(createServer(guarded)).then(over);
    },
  ],
  [
    'Fetch',
    async (options) => {
      const guarded = forFetch(options, (request) => new Response(shown(request)));
      return async (call) => {
        const response = await guarded(toRequest(call));
        return { status: response.status, body: await response.text() };
      };
    },
  ],
];

describe.each(doors)('pages that the vendor fetches, behind %s', (_, start) => {
  const ask = async (call: Call, options: Partial<ContentOptions> = {}) => {
    const log = memoryLog();
    const send = await start({ ...vendor.options, log, ...options });
    return { ...(await send(call)), log: log.lines.join('\n') };
  };

  it('are given to the vendor, who is known by the signature', async () => {
    const url = 'https://example.com/mailings/intro?for=jane';
    expect(await ask(page())).toMatchObject({ status: 200, body: url });
    expect(await ask(page({ headerList: 'documented' }))).toMatchObject({ status: 200, body: url });
  });

  it('need no digest, since there is no body', async () => {
    expect(await ask(page({ fault: 'missing-digest' }))).toMatchObject({ status: 200 });
    expect(await ask(page({ fault: 'uncovered-digest' }))).toMatchObject({ status: 200 });
  });

  it('are given as often as they are asked for', async () => {
    const send = await start({ ...vendor.options, log: false });
    const call = page();
    expect((await send(call)).status).toBe(200);
    expect((await send(call)).status).toBe(200);
  });

  it.each<[string, () => Call, number, string]>([
    ['who is unsigned', unsigned, 401, 'ERR_HEADER_MISSING'],
    ['who signs with another key', () => page({ fault: 'foreign-key' }), 401, 'ERR_SIGNATURE_MISMATCH'],
    ['who changes the query', () => page({ fault: 'altered-query' }), 401, 'ERR_SIGNATURE_MISMATCH'],
    ['who does not sign the target', () => page({ fault: 'uncovered-target' }), 401, 'ERR_SIGNATURE_COVERAGE'],
    ['who is someone else', () => page({ id: 'environment-9' }), 401, 'ERR_IDENTITY_MISMATCH'],
    ['who is late', () => page({ fault: 'stale-date' }), 401, 'ERR_DATE_TOO_OLD'],
    ['who posts', () => page({ method: 'POST' }), 405, 'ERR_METHOD_NOT_ALLOWED'],
    ['who asks another host', () => page({ fault: 'wrong-host' }), 421, 'ERR_HOST_MISMATCH'],
    ['whose key is not known', () => page({ keyId: 'two._domainkey.copernica.com' }), 401, 'ERR_KEY_NOT_FOUND'],
  ])('are refused to one %s', async (_what, call, status, code) => {
    const answer = await ask(call());
    expect(answer).toMatchObject({ status, log: expect.stringContaining(code) });
    expect(answer.body).not.toContain('everyone');
    expect(answer.body).not.toContain('http');
  });

  it('are given to everyone else too when they may pass, without being taken for the vendor', async () => {
    expect(await ask(unsigned(), { others: 'pass' })).toMatchObject({ status: 200, body: 'everyone', log: '' });
    expect(await ask(page({ fault: 'foreign-key' }), { others: 'pass' })).toMatchObject({
      status: 200,
      body: 'everyone',
      log: expect.stringContaining('ERR_SIGNATURE_MISMATCH'),
    });
    expect(await ask(page(), { others: 'pass' })).toMatchObject({
      status: 200,
      body: expect.stringContaining('intro'),
    });
  });

  it('are not given at all while it is not known whose request it is', async () => {
    const failing = {
      find: () => ({
        outcome: 'unavailable' as const,
        code: 'ERR_KEY_LOOKUP_FAILED' as const,
        detail: 'no answer',
        retryAfterSeconds: 5,
      }),
    };
    expect(await ask(page(), { others: 'pass', keys: failing })).toMatchObject({ status: 503 });
  });

  it('are those at and below the URL, and no others', async () => {
    const elsewhere = (path: string) => page({ url: `https://example.com${path}` });
    const exact = { url: 'https://example.com/mailings/intro' };
    expect(await ask(page(), exact)).toMatchObject({ status: 200 });
    expect(await ask(elsewhere('/mailings/intro/more'), exact)).toMatchObject({ status: 404 });
    expect(await ask(elsewhere('/mailings/a/b'))).toMatchObject({ status: 200 });
  });
});

it('a page behind a proxy that rewrites Host is verified against the configured one', async () => {
  const guarded = forFetch({ ...vendor.options, signedUrl: 'configured', log: false }, () => new Response('ok'));
  const request = toRequest(page());
  request.headers.set('host', 'internal:8080');
  expect((await guarded(request)).status).toBe(200);
});

it('a page that fails is answered 500, and nothing ends the process', async () => {
  const log = memoryLog();
  const guarded = forNode({ ...vendor.options, log, trustProxy: 'loopback' }, async () => {
    throw new Error('mine');
  });
  const send = await over(await onFreePort(createServer(guarded)));
  expect(await send(page())).toMatchObject({ status: 500 });
  expect(log.lines.join('\n')).toContain('mine');
});

it('a body is never taken for verified where nothing was signed over it', async () => {
  const { keys, clock, id, url } = vendor.options;
  const verifier = createContentVerifier({ endpoints: [{ id, url }], keys, clock });
  const { headers, method, target } = page({ method: 'POST', body: 'x', fault: 'missing-digest' });
  await expect(async () => verifier.verify({ method, target, headers: headers.flat(), secure: true })).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_HEADER_INVALID' }),
  );
});

it('names the option that is wrong', () => {
  expect(() => forExpress({ ...vendor.options, others: 'x' as 'pass' })).toThrow(/^others: /);
  expect(() => forFetch({ id: 'environment-1' }, () => new Response())).toThrow(TypeError);
});
