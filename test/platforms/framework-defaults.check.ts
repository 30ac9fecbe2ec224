import { existsSync } from 'node:fs';
import { encodings, sampleEvent, sendRequest, signRequest } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { id, key, keyId, type RunningExample, startVendorDns, url } from '../examples/example.testing.js';
import { buildApp, type FrameworkApp } from './framework-app.js';
import { frameworks } from './frameworks.js';
import { bin, versionOf } from './platform.js';

/*
 * What frameworks do with a genuine call of their own accord: before our code sees it, and to the answer. The sections
 * on frameworks in docs/ways-in.md say what is seen here.
 */
let number = 0;
interface Call {
  readonly at?: string;
  readonly encoding?: 'json' | 'form';
  readonly contentType?: string;
  /** The size of the message that a bounce carries. */
  readonly mimeBytes?: number;
  readonly acceptEncoding?: string;
}

/** Sends a genuine call: without an Origin, as a server does. */
function send(running: RunningExample, call: Call = {}) {
  const { at = url, encoding = 'form', mimeBytes = 100, acceptEncoding } = call;
  const { contentType, encode } = encodings[encoding];
  const event = { ...sampleEvent('bounce', {}, { number: ++number }), mime: 'x'.repeat(mimeBytes) };
  const body = encode(event);
  const signed = signRequest({ url: at, id, key, keyId, body, contentType: call.contentType ?? contentType });
  const headers = acceptEncoding === undefined ? [] : [['Accept-Encoding', acceptEncoding] as const];
  return sendRequest(signed, { to: running.to, headers });
}

let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(() => dns.close());

describe.each(frameworks)('$platform', (framework) => {
  const { example, from, asNew, belowShop, baseIsHidden, slash, compresses, bodyLimit } = framework;
  const absent = versionOf(from) === undefined || !existsSync(bin.node24);
  const reason = absent ? ' (could not be fetched)' : '';

  /** What calls get from an app whose server runs as long as they take. */
  async function during<T>(
    app: FrameworkApp,
    env: NodeJS.ProcessEnv,
    calls: (running: RunningExample) => Promise<T>,
  ): Promise<T> {
    const running = await app.serve({ dns, env, preloads: ['platforms/preload-under-test.mjs'] });
    try {
      return await calls(running);
    } finally {
      await running.stop();
    }
  }

  describe('as the example is', () => {
    let app: FrameworkApp;
    beforeAll(() => {
      if (!absent) app = buildApp(framework, `${example}-by-default`);
    });

    it.skipIf(absent)(
      `a URL with a slash at its end ${slash === 200 ? 'is one' : 'is moved away from'}${reason}`,
      () => {
        const at = `${url}/`;
        return during(app, { WEBHOOK_URL: at }, async (running) => {
          const { status, headers } = await send(running, { at });
          expect(status, running.output()).toBe(slash);
          if (slash !== 200) expect(new URL(headers.location ?? '', at).href).toBe(url);
        });
      },
    );

    it.skipIf(absent)(`a bounce of 5 MB comes through${reason}`, () =>
      during(app, {}, async (running) => {
        expect((await send(running, { encoding: 'json', mimeBytes: 5_000_000 })).status, running.output()).toBe(200);
      }),
    );

    it.skipIf(absent)(`the answer is compressed only for who asks${compresses ? '' : ', or never'}${reason}`, () =>
      during(app, {}, async (running) => {
        expect(await send(running)).toMatchObject({ status: 200, body: 'OK\n' });
        const asked = await send(running, { acceptEncoding: 'gzip' });
        expect(asked.headers['content-encoding']).toBe(compresses ? 'gzip' : undefined);
      }),
    );

    if (bodyLimit !== undefined)
      it.skipIf(absent)(`a body beyond the limit of the framework is an aborted one${reason}`, () =>
        during(app, { [bodyLimit]: undefined }, async (running) => {
          expect((await send(running, { mimeBytes: 500_000 })).status, running.output()).toBe(200);
          expect((await send(running, { mimeBytes: 530_000 })).status, running.output()).toBe(400);
          await running.printed(/ERR_BODY_ABORTED: .* a limit of the framework on bodies/);
        }),
      );
  });

  if (asNew !== undefined)
    describe('with the settings of a new project', () => {
      let running: RunningExample | undefined;
      beforeAll(async () => {
        if (!absent) running = await buildApp(framework, `${example}-as-new`, asNew).serve({ dns });
      });
      afterAll(() => running?.stop());

      it.skipIf(absent).each(['application/x-www-form-urlencoded', 'text/plain'])(
        `a genuine call of type %s is refused before the receiver sees it${reason}`,
        async (contentType) => {
          if (running === undefined) return;
          const { status, body } = await send(running, { contentType });
          expect({ status, body }).toEqual({ status: 403, body: 'Cross-site POST form submissions are forbidden' });
          expect(running.output()).not.toContain('ERR_');
        },
      );

      it.skipIf(absent)(`a genuine call in JSON comes through${reason}`, async () => {
        if (running === undefined) return;
        expect((await send(running, { encoding: 'json' })).status, running.output()).toBe(200);
      });
    });

  describe('below a base path', () => {
    const at = 'https://example.com/shop/hooks/smtpeter';
    let app: FrameworkApp;
    beforeAll(() => {
      if (!absent) app = buildApp(framework, `${example}-below-shop`, belowShop);
    });

    if (baseIsHidden)
      it.skipIf(absent)(`genuine calls are refused, for the path is another${reason}`, () =>
        during(app, { WEBHOOK_URL: at }, async (running) => {
          expect((await send(running, { at })).status).toBe(404);
          await running.printed(/ERR_PATH_MISMATCH/);
        }),
      );

    it.skipIf(absent)(
      `a form and JSON come through${baseIsHidden ? " by signedUrl: 'configured'" : ''}${reason}`,
      () => {
        const env = { WEBHOOK_URL: at, ...(baseIsHidden ? { TEST_OPTIONS: '{"signedUrl":"configured"}' } : {}) };
        return during(app, env, async (running) => {
          expect((await send(running, { at })).status, running.output()).toBe(200);
          expect((await send(running, { at, encoding: 'json' })).status, running.output()).toBe(200);
        });
      },
    );
  });
});
