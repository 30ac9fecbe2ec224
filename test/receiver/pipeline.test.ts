import { createServer } from 'node:http';
import { webhooks } from '@smtpeter-webhooks/express';
import {
  type Duplicate,
  type HandlerContext,
  type ReceiverOptions,
  type Rejection,
  RetryLaterError,
  type WebhookEvent,
} from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { createWebhookServer, nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { eventKinds, faultNames, faults, sampleVariants } from '@smtpeter-webhooks/sender';
import express from 'express';
import express4 from 'express4';
import { describe, expect, it } from 'vitest';
import { atEnd, call, id, keys, listening, memoryLog, path, send, signal, url } from '../vendor.testing.js';

type Door = (options: ReceiverOptions) => Promise<{
  to: string;
  close(options?: { timeoutMs?: number }): Promise<void>;
  stats(): ReturnType<ReturnType<typeof nodeReceiver>['stats']>;
}>;

/** Every door, over real sockets, behind a proxy on loopback that ends TLS. */
const doors: Record<string, Door> = {
  'node:http': async (options) => {
    const receiver = nodeReceiver({ ...options, trustProxy: 'loopback' });
    return { to: await listening(createServer(receiver)), close: receiver.close, stats: receiver.stats };
  },
  'own server': async (options) => {
    const server = createWebhookServer({ ...options, trustProxy: 'loopback' });
    const { address, port } = await server.listen();
    atEnd(() => server.close({ timeoutMs: 0 }));
    return { to: `http://${address}:${port}`, close: server.close, stats: server.stats };
  },
  'Express 5': async (options) => {
    const app = express().set('trust proxy', 'loopback');
    const middleware = webhooks(options);
    app.all(path, middleware);
    return { to: await listening(createServer(app)), close: middleware.close, stats: middleware.stats };
  },
  'Express 4': async (options) => {
    const app = express4().set('trust proxy', 'loopback');
    const middleware = webhooks(options);
    app.all(path, middleware);
    return { to: await listening(createServer(app)), close: middleware.close, stats: middleware.stats };
  },
  Fetch: async (options) => {
    const receiver = fetchReceiver({ ...options, trustProxy: true });
    const server = createServer(async (request, response) => {
      const headers = new Headers();
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        headers.append(request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '');
      const body =
        request.method === 'GET' || request.method === 'HEAD'
          ? null
          : new ReadableStream({
              async start(controller) {
                for await (const chunk of request) controller.enqueue(chunk);
                controller.close();
              },
            });
      const init = { method: request.method ?? '', headers, body, duplex: 'half' };
      const answer = await receiver(new Request(`http://example.com${request.url}`, init as RequestInit));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(await answer.text());
    });
    return { to: await listening(server), close: receiver.close, stats: receiver.stats };
  },
};

describe.each(Object.entries(doors))('%s', (_, open) => {
  const start = async (options: Partial<ReceiverOptions> = {}) => {
    const events: WebhookEvent[] = [];
    const rejections: Rejection[] = [];
    const log = memoryLog();
    const door = await open({
      id,
      url,
      keys: keys(),
      log,
      on: { '*': (event) => void events.push(event) },
      onRejected: (rejection) => void rejections.push(rejection),
      ...options,
    });
    return { ...door, events, rejections, log };
  };

  it('takes every kind of event in every spelling, in JSON and as a form', async () => {
    const { to, events } = await start();
    for (const kind of eventKinds) {
      for (const { name, event } of sampleVariants(kind)) {
        for (const encoding of ['json', 'form'] as const) {
          // The number keeps calls of the same fields apart.
          const { status } = await send(to, call({ kind, event, encoding, nonce: `${kind}${name}${encoding}` }));
          expect([status, events.at(-1)?.kind, events.at(-1)?.problems], `${kind} ${name} ${encoding}`).toEqual([
            200,
            kind,
            [],
          ]);
        }
      }
    }
  });

  it.each(faultNames)('refuses the fault %s as its table says, and hands nothing over', async (fault) => {
    const { to, events, rejections } = await start();
    const { status, headers, body } = await send(to, call({ fault }));
    expect(status).toBe(faults[fault].expected);
    expect(events).toEqual([]);
    expect(rejections).toHaveLength(1);
    if (status === 401)
      expect([headers['www-authenticate'], body]).toEqual([expect.stringContaining('Signature'), 'Unauthorized\n']);
  });

  it('tells a stranger nothing: all of these get one and the same answer', async () => {
    const { to } = await start();
    const answers = new Set<string>();
    for (const fault of [
      'wrong-identity',
      'foreign-key',
      'altered-body',
      'stale-date',
      'unknown-key-id',
      'missing-signature',
      'doubled-parameter',
      'weak-digest',
    ] as const) {
      const { status, headers, body } = await send(to, call({ fault }));
      const { date: _date, ...rest } = headers;
      answers.add(JSON.stringify([status, rest, body]));
    }
    expect([...answers]).toHaveLength(1);
  });

  it('answers 403 to plain HTTP, 404 to other paths, 405 to other methods', async () => {
    const { to, rejections } = await start();
    expect((await send(to, call(), { forwardedProto: false })).status).toBe(403);
    const other = await send(to, call({ url: 'https://example.com/elsewhere' }));
    expect(other.status).toBe(404);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, headers } = await send(to, { ...call({ body: '' }), method });
      expect([status, headers.allow]).toEqual([405, 'POST']);
    }
    expect(rejections.map((rejection) => rejection.code)).toContain('ERR_INSECURE_TRANSPORT');
  });

  it('answers a repeat 200 without a handler, also when it is signed the same but spelled in another way', async () => {
    const duplicates: Duplicate[] = [];
    const { to, events, stats } = await start({ onDuplicate: (one) => void duplicates.push(one) });
    const once = call();
    expect((await send(to, once)).status).toBe(200);
    expect((await send(to, once)).status).toBe(200);
    const respelled = {
      ...once,
      headers: once.headers.map(
        ([name, value]) => [name, name === 'Signature' ? `${value.replaceAll(',', ' , ')},x="y"` : value] as const,
      ),
    };
    expect((await send(to, respelled)).status).toBe(200);
    expect(events).toHaveLength(1);
    expect(duplicates).toMatchObject([{ identity: id, key: events[0]?.key, url }, { identity: id }]);
    expect(stats()).toMatchObject({ received: 3, accepted: 1, duplicates: 2, inFlight: 0 });
  });

  it('gives an event signed anew to the handlers again, under the same key', async () => {
    const { to, events } = await start();
    const body = '{"type":"open","id":"a"}';
    await send(to, call({ body, nonce: 'a' }));
    await send(to, call({ body, nonce: 'b' }));
    expect(events).toHaveLength(2);
    expect(events[0]?.key).toBe(events[1]?.key);
  });

  it('lets a repeat of a call in flight wait for it', async () => {
    const [begun, go] = [signal(), signal()];
    let runs = 0;
    const { to, stats } = await start({
      on: {
        open: async () => {
          runs++;
          begun.resolve();
          await go.promise;
        },
      },
    });
    const what = call();
    const first = send(to, what);
    await begun.promise;
    const second = send(to, what);
    await expect.poll(() => stats().inFlight).toBe(2);
    go.resolve();
    expect([(await first).status, (await second).status, runs]).toEqual([200, 200, 1]);
  });

  it('lets an honest retry through after a handler failed, and says which error it was', async () => {
    let broken = true;
    const errors: unknown[] = [];
    const { to, events, rejections } = await start({
      on: {
        open: (event) => {
          if (broken) throw new Error('the database is away');
          events.push(event);
        },
      },
      onError: (error, event) => void errors.push([error, event.kind]),
    });
    const what = call();
    expect((await send(to, what)).status).toBe(500);
    broken = false;
    expect((await send(to, what)).status).toBe(200);
    expect(events).toHaveLength(1);
    expect(errors).toEqual([[new Error('the database is away'), 'open']]);
    expect(rejections).toMatchObject([{ code: 'ERR_HANDLER_FAILED', status: 500 }]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws nothing in particular',
      () => {
        throw undefined;
      },
    ],
    [
      'throws a text',
      () => {
        throw 'text';
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'gives a thenable that fails',
      () => ({ then: (_: unknown, fail: (error: Error) => void) => fail(new Error('no')) }),
    ],
    [
      'gives a thenable that throws',
      () => ({
        then() {
          throw new Error('no');
        },
      }),
    ],
  ])('answers 500 when a handler %s', async (_, handler) => {
    const { to } = await start({ on: { open: handler } });
    expect((await send(to)).status).toBe(500);
  });

  it('answers 503 when a handler asks for a later try', async () => {
    const { to } = await start({
      on: {
        open: () => {
          throw new RetryLaterError('later', { afterSeconds: 7 });
        },
      },
    });
    const { status, headers } = await send(to);
    expect([status, headers['retry-after']]).toEqual([503, '7']);
  });

  it('answers 503 when a handler runs over its time, aborts its signal, and keeps the claim until it settles', async () => {
    const go = signal();
    let context: HandlerContext | undefined;
    let runs = 0;
    const errors: unknown[] = [];
    const { to, stats } = await start({
      handlerTimeoutMs: 50,
      on: {
        open: async (_, given) => {
          runs++;
          context = given;
          await go.promise;
        },
      },
      onError: (error) => void errors.push(error),
    });
    const what = call();
    const { status, headers } = await send(to, what);
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(context?.signal.aborted).toBe(true);
    expect(errors).toMatchObject([{ code: 'ERR_HANDLER_TIMEOUT' }]);
    // Still running: a repeat is not run beside it.
    expect((await send(to, what)).status).toBe(503);
    go.resolve();
    await expect.poll(() => stats().inFlight).toBe(0);
    expect((await send(to, what)).status).toBe(200);
    expect(runs).toBe(1);
  });

  it('gives handlers the URL that was signed, the time of receipt and a log', async () => {
    let context: HandlerContext | undefined;
    const { to } = await start({
      on: {
        open: (_, given) => {
          context = given;
        },
      },
      clock: () => Date.now(),
    });
    await send(to, call({ url: `${url}?a=1` }));
    expect(context?.url).toBe(`${url}?a=1`);
    expect(context?.receivedAt).toBeInstanceOf(Date);
    expect(context?.signal.aborted).toBe(false);
    context?.log.info('mine');
  });

  it('runs the handler of the kind, then that of every event', async () => {
    const order: string[] = [];
    const { to } = await start({
      on: { '*': () => void order.push('*'), click: async () => void order.push('click') },
    });
    await send(to, call({ kind: 'click' }));
    await send(to, call({ kind: 'open' }));
    expect(order).toEqual(['click', '*', '*']);
  });

  it('answers 200 to a kind without a handler, counts it, and says so once', async () => {
    const { to, stats, log } = await start({ on: { click: () => {} } });
    expect((await send(to)).status).toBe(200);
    expect((await send(to)).status).toBe(200);
    expect((await send(to, call({ body: '{"type":"brand new"}' }))).status).toBe(200);
    expect(stats().unhandled).toEqual({ open: 2, unknown: 1 });
    expect(log.lines.filter((line) => line.includes('no handler for open'))).toHaveLength(1);
  });

  it('answers 500 to a body that nobody could read and nobody asked for, and hands it to who did', async () => {
    const errors: unknown[] = [];
    const first = await start({ on: { open: () => {} }, onError: (error) => void errors.push(error) });
    const unreadable = call({ body: '{"type":' });
    expect((await send(first.to, unreadable)).status).toBe(500);
    expect(errors).toMatchObject([{ code: 'ERR_EVENT_UNREADABLE' }]);
    expect((await send(first.to, unreadable)).status).toBe(500);
    const seen: WebhookEvent[] = [];
    const second = await start({ on: { unknown: (event) => void seen.push(event) } });
    expect((await send(second.to, unreadable)).status).toBe(200);
    expect(seen).toMatchObject([{ kind: 'unknown', reason: { code: 'invalid-json' } }]);
    expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('{"type":');
  });

  it('lets the body decide how it is read when its content type is not signed', async () => {
    const { to, events } = await start();
    const signed = call({ encoding: 'form' });
    expect((await send(to, signed)).status).toBe(200);
    const list = '(request-target) host date x-copernica-id digest';
    const { createHash, sign } = await import('node:crypto');
    const { key, keyId } = await import('../vendor.testing.js');
    const body = Buffer.from('{"type":"open","id":"unsigned type"}');
    const values: Record<string, string> = {
      host: 'example.com',
      date: new Date().toUTCString(),
      'x-copernica-id': id,
      digest: `SHA-256=${createHash('sha256').update(body).digest('base64')}`,
    };
    const text = list
      .split(' ')
      .map((name) => `${name}: ${name === '(request-target)' ? `post ${path}` : values[name]}`)
      .join('\n');
    const signature = sign('sha256', Buffer.from(text), key.privateKey).toString('base64');
    const headers = [
      ...Object.entries(values),
      ['content-type', 'application/x-www-form-urlencoded'],
      ['content-length', String(body.length)],
      ['signature', `keyId="${keyId}",headers="${list}",signature="${signature}"`],
    ] as const;
    expect((await send(to, { method: 'POST', target: path, url, headers: headers as never, body })).status).toBe(200);
    expect(events.at(-1)).toMatchObject({ kind: 'open', id: 'unsigned type' });
  });

  it('lets a hook choose another status, and survives hooks and logs that throw', async () => {
    const thrower = () => {
      throw new Error('mine');
    };
    const chosen = await start({ onRejected: async () => 418 });
    expect((await send(chosen.to, call({ fault: 'altered-body' }))).status).toBe(418);
    for (const said of [200, 99, 'x', null, Number.NaN]) {
      const odd = await start({ onRejected: () => said });
      expect((await send(odd.to, call({ fault: 'altered-body' }))).status).toBe(401);
    }
    const broken = await start({
      onRejected: thrower,
      onError: thrower,
      onDuplicate: thrower,
      log: { debug: thrower, info: thrower, warn: thrower, error: thrower },
      on: { open: thrower },
    });
    expect((await send(broken.to, call({ fault: 'altered-body' }))).status).toBe(401);
    expect((await send(broken.to)).status).toBe(500);
    const twice = call({ kind: 'click' });
    expect([(await send(broken.to, twice)).status, (await send(broken.to, twice)).status]).toEqual([200, 200]);
  });

  it('refuses new calls while it shuts down, and lets those in flight finish', async () => {
    const [begun, go] = [signal(), signal()];
    const door = await start({
      on: {
        open: async () => {
          begun.resolve();
          await go.promise;
        },
      },
    });
    const running = send(door.to);
    await begun.promise;
    const closed = door.close({ timeoutMs: 5000 });
    const late = await send(door.to).then(
      (result) => result.status,
      (error) => error.code,
    );
    expect([503, 'ERR_SEND_REFUSED']).toContain(late);
    go.resolve();
    expect((await running).status).toBe(200);
    await closed;
  });

  it('aborts what is still running when the time of a shutdown is over', async () => {
    const aborted = signal<string>();
    const begun = signal();
    const door = await start({
      on: {
        open: async (_, context) => {
          begun.resolve();
          await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
          aborted.resolve(String(context.signal.reason));
        },
      },
    });
    const running = send(door.to).catch(() => undefined);
    await begun.promise;
    await door.close({ timeoutMs: 20 });
    expect(await aborted.promise).toContain('shutting down');
    await running;
  });

  it('answers 413 to a body that is too large, whether it says so or not', async () => {
    const { to, rejections } = await start({ maxBodyBytes: 1000 });
    const large = call({ body: `{"type":"open","x":"${'y'.repeat(2000)}"}` });
    expect((await send(to, large)).status).toBe(413);
    const chunked = {
      ...large,
      headers: large.headers.map(([name, value]) =>
        name === 'Content-Length' ? (['Transfer-Encoding', 'chunked'] as const) : ([name, value] as const),
      ),
    };
    // Its length is signed, and is no longer there.
    expect([401, 413]).toContain((await send(to, chunked)).status);
    expect(rejections[0]).toMatchObject({ code: 'ERR_BODY_TOO_LARGE' });
    expect((await send(to, call({ body: '{"type":"open"}' }))).status).toBe(200);
  });

  it('answers 431 to more header lines than anyone sends', async () => {
    const { to } = await start();
    const headers = Array.from({ length: 120 }, (_, i) => [`X-${i}`, 'y'] as const);
    expect((await send(to, call(), { headers })).status).toBe(431);
  });

  it('logs a refusal with its reason, and no body, signature or control character', async () => {
    const { to, log } = await start();
    const what = call({ id: 'environment-9\u001b[31m' as string, fields: { recipient: 'secret@example.org' } });
    await send(to, {
      ...what,
      headers: what.headers.map(
        ([name, value]) => [name, name === 'X-Copernica-ID' ? 'environment-9\t\u009b31m' : value] as const,
      ),
    });
    const text = log.lines.join('\n');
    expect(text).toContain('ERR_IDENTITY_MISMATCH');
    expect(text).toContain('environment-1234');
    expect(text).not.toContain('secret@example.org');
    expect(text).not.toContain(/signature="([^"]{20})/.exec(what.headers.at(-1)?.[1] ?? '')?.[1]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('does not let a flood of refused calls flood the log', async () => {
    const { to, log, stats } = await start();
    await Promise.all(Array.from({ length: 60 }, () => send(to, call({ fault: 'stale-date' }))));
    expect(log.lines.filter((line) => line.includes('ERR_DATE_TOO_OLD'))).toHaveLength(5);
    expect(stats().rejected).toEqual({ ERR_DATE_TOO_OLD: 60 });
  });
});

describe('misuse is a TypeError that says what to give', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', {}, /id.*url/],
    ['id without url', { id }, /url/],
    ['both forms', { id, url, endpoints: [{ id, url }] }, /not both/],
    ['a handler for a kind that does not exist', { id, url, on: { opened: () => {} } }, /opened.*open/],
    ['a near miss', { id, url, on: { profileCreate: () => {} } }, /did you mean profile\.create/],
    ['a handler that is none', { id, url, on: { open: 'x' } }, /open/],
    ['a body limit of 0', { id, url, maxBodyBytes: 0 }, /^maxBodyBytes/],
    ['a time-out that is no number', { id, url, handlerTimeoutMs: '10' }, /^handlerTimeoutMs/],
    ['a time-out too long for a timer', { id, url, handlerTimeoutMs: 2 ** 31 }, /^handlerTimeoutMs/],
    ['a log that is none', { id, url, log: { warn() {} } }, /^log/],
    ['a hook that is none', { id, url, onRejected: 1 }, /^onRejected/],
    ['a zone that is none', { id, url, timeZone: 'Mars/Olympus' }, /^timeZone/],
  ])('%s', (_, options, message) => {
    expect(() => nodeReceiver(options as ReceiverOptions)).toThrow(TypeError);
    expect(() => nodeReceiver(options as ReceiverOptions)).toThrow(message);
  });
});

describe('risky configuration is named at start', () => {
  it.each<[string, Partial<ReceiverOptions>]>([
    ['WARN_HTTP_URL', { url: 'http://example.com/hooks' }],
    ['WARN_TOLERANCE', { toleranceSeconds: 3601 }],
    ['WARN_KEY_ZONE', { keyZone: 'example.com' }],
  ])('%s', (warning, options) => {
    const log = memoryLog();
    nodeReceiver({ id, url, log, ...options });
    expect(log.lines.join('\n')).toContain(warning);
  });

  it('and a quiet one is not', () => {
    const log = memoryLog();
    nodeReceiver({ id, url: 'http://127.0.0.1:3000/hooks', log });
    expect(log.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
    expect(log.lines.join('\n')).toContain('within this process, since its start');
  });
});
