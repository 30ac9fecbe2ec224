import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DohServer, type SignedCall, startDohServer } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgery, genuine, id, key, keyId, url } from '../examples/example.testing.js';
import { copyOfExample, here, passed, versionOf } from './platform.js';

const version = versionOf('miniflare');

let doh: DohServer;
beforeAll(async () => {
  doh = await startDohServer({ records: { [keyId]: [key.dkimRecord] } });
});
afterAll(() => doh.close());

const reason = version === undefined ? ' (could not be fetched)' : '';
const keys = {
  'pinned keys': { WEBHOOK_KEYS: JSON.stringify({ keys: [{ ...key.publicJwk, kid: keyId }] }) },
  'keys asked for over HTTPS': {},
};

it.skipIf(version === undefined).each(Object.entries(keys))(
  `Cloudflare Workers: in workerd, with %s${reason}`,
  async (how, pinned) => {
    const folder = copyOfExample('cloudflare-worker', `cloudflare-worker-${how.replaceAll(' ', '-')}`);
    const calls = [genuine(), genuine('bounce'), forgery()].map(plain);
    const bindings = {
      WEBHOOK_ID: id,
      WEBHOOK_URL: url,
      ...pinned,
    };
    writeFileSync(join(folder, 'calls.json'), JSON.stringify({ calls, bindings, doh: doh.url }));
    // Not the synchronous form: this process answers what the Worker asks for.
    const { stdout } = await promisify(execFile)(process.execPath, [join(here, 'dispatch-to-worker.mjs'), folder], {
      timeout: 120_000,
    });
    expect(doh.queries().includes(keyId)).toBe(how !== 'pinned keys');
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([200, 200, 401]);
    const { compatibilityDate } = JSON.parse(readFileSync(join(here, 'worker-settings.json'), 'utf8'));
    if (how === 'pinned keys') return;
    passed({
      platform: `Cloudflare Workers (workerd, compatibility date ${compatibilityDate})`,
      version: `miniflare ${version}`,
      door: 'receiver/fetch',
    });
  },
);

const plain = (call: SignedCall) => ({ ...call, body: Buffer.from(call.body).toString() });
