import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { expect, it } from 'vitest';
import { forgery, genuine, id, key, keyId, url } from '../examples/example.testing.js';
import { copyOfExample, here, passed, versionOf } from './platform.js';

const version = versionOf('miniflare');

it.skipIf(version === undefined)('Cloudflare Workers: one genuine call, one forgery, in workerd', () => {
  const folder = copyOfExample('cloudflare-worker');
  const calls = [genuine(), genuine('bounce'), forgery()].map(plain);
  const bindings = {
    WEBHOOK_ID: id,
    WEBHOOK_URL: url,
    WEBHOOK_KEYS: JSON.stringify({ keys: [{ ...key.publicJwk, kid: keyId }] }),
  };
  writeFileSync(join(folder, 'calls.json'), JSON.stringify({ calls, bindings }));
  const said = execFileSync(process.execPath, [join(here, 'dispatch-to-worker.mjs'), folder], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toEqual([200, 200, 401]);
  const { compatibilityDate } = JSON.parse(readFileSync(join(here, 'worker-settings.json'), 'utf8'));
  passed({
    platform: `Cloudflare Workers (workerd, compatibility date ${compatibilityDate})`,
    version: `miniflare ${version}`,
    door: 'receiver/fetch',
  });
});

const plain = (call: SignedCall) => ({ ...call, body: Buffer.from(call.body).toString() });
