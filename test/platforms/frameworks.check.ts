import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ConformanceEndpoint, cases } from '@smtpeter-webhooks/sender/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callBoth, id, key, keyId, type RunningExample, startVendorDns, url } from '../examples/example.testing.js';
import { buildApp, type FrameworkApp, verificationFile } from './framework-app.js';
import { frameworks, nodesFor } from './frameworks.js';
import { bin, passed, versionOf } from './platform.js';

/*
 * Frameworks that build an app: each example is built once as its README says, and its server started under every Node.js
 * that the framework says it runs on, once as it is with keys out of DNS, and once with a pinned key for every case of the
 * conformance kit.
 */
let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(() => dns.close());

describe.each(frameworks)('$platform', (framework) => {
  const { example, platform, from, lost = {}, asNew } = framework;
  const version = versionOf(from);
  const absent = version === undefined || !existsSync(bin.node24);
  const reason = absent ? ' (could not be fetched)' : '';
  const nodes = absent ? [24 as const] : nodesFor(framework);

  let app: FrameworkApp;
  beforeAll(() => {
    if (!absent) app = buildApp(framework, example);
  });

  describe.each(nodes)('on Node.js %i', (node) => {
    it.skipIf(absent)(`one genuine call, one forgery, and the file that place has placed${reason}`, async () => {
      const running = await app.serve({ dns, node });
      try {
        expect(await callBoth(running.to), running.output()).toEqual([200, 401]);
        await running.printed(/open \S+@/);
        const placed = await fetch(`${running.to}/hooks/${verificationFile}`);
        expect(await placed.text()).toBe('as the vendor gave it');
      } finally {
        await running.stop();
      }
      passed({ platform, node, version: version ?? '', door: 'receiver/fetch' });
    });

    describe('conforms', () => {
      let running: RunningExample;
      beforeAll(async () => {
        if (absent) return;
        writeFileSync(app.handled, '');
        running = await app.serve({ dns, node, preloads: ['platforms/preload-under-test.mjs'] });
      });
      afterAll(async () => {
        await running?.stop();
        if (!absent) rmSync(app.handled, { force: true });
      });
      if (asNew !== undefined)
        it.skipIf(absent)(`refuses forms from elsewhere, but for the webhook${reason}`, async () => {
          const post = (path: string, origin: string) =>
            fetch(running.to + path, { method: 'POST', headers: { origin }, body: new URLSearchParams({ a: 'b' }) });
          expect((await post('/elsewhere', 'https://attacker.example')).status).toBe(403);
          expect((await post('/hooks/smtpeter', 'https://attacker.example')).status).toBe(403);
          expect(await (await post('/hooks/smtpeter', 'https://attacker.example')).text()).not.toMatch(/cross-site/i);
        });

      const endpoint = (): ConformanceEndpoint => ({
        url,
        id,
        key,
        keyId,
        to: running.to,
        handled: () => readFileSync(app.handled).length,
        exactStatuses: true,
      });

      for (const one of cases) {
        const why = lost[one.name];
        const does = why === undefined ? `${one.group} ${one.name}` : `cannot verify ${one.name}: ${why}`;
        it.skipIf(absent)(`${does}${reason}`, async () => {
          if (why === undefined) await one.run(endpoint());
          else await expect(one.run(endpoint())).rejects.toThrow(/expected an answer 2xx, got 401/);
        });
      }
    });
  });
});
