import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder } from '../packages/packed.js';
import { forgery, genuine, id, root, startVendorDns, url } from './example.testing.js';

let dns: Awaited<ReturnType<typeof startVendorDns>>;
const outside = emptyFolder();
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(async () => {
  outside.remove();
  await dns.close();
});

/** Runs lines that import an example's handler, in a process of their own with the test's DNS server. */
async function evaluate(name: string, lines: string): Promise<unknown> {
  const script = join(outside.folder, `${name}.mjs`);
  writeFileSync(
    script,
    `import * as the from ${JSON.stringify(join(root, 'examples', name, 'handler.js'))};\n${lines}`,
  );
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, ['--import', join(root, 'test/examples/preload-dns.mjs'), script], {
    env: { ...process.env, WEBHOOK_ID: id, WEBHOOK_URL: url, TEST_DNS_SERVER: dns.server },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}

const lambdaEvent = (call: SignedCall, base64: boolean) => ({
  version: '2.0',
  rawPath: call.target,
  rawQueryString: '',
  headers: Object.fromEntries(call.headers.map(([name, value]) => [name.toLowerCase(), value])),
  requestContext: { http: { method: call.method } },
  body: Buffer.from(call.body).toString(base64 ? 'base64' : 'utf8'),
  isBase64Encoded: base64,
});

describe('examples/lambda', () => {
  it.each([true, false])('takes a genuine call and refuses a forgery, base64 %s', async (base64) => {
    const events = [lambdaEvent(genuine(), base64), lambdaEvent(forgery(), base64)];
    const lines = `const answers = [];
for (const event of ${JSON.stringify(events)}) answers.push((await the.handler(event)).statusCode);
console.log(JSON.stringify(answers));`;
    expect(await evaluate('lambda', lines)).toEqual([200, 401]);
  });
});

describe('examples/fetch', () => {
  it('takes a genuine call and refuses a forgery', async () => {
    const calls = [genuine(), forgery()].map((call) => ({ ...call, body: Buffer.from(call.body).toString() }));
    const lines = `const answers = [];
for (const { url, method, headers, body } of ${JSON.stringify(calls)})
  answers.push((await the.default.fetch(new Request(url, { method, headers, body }))).status);
console.log(JSON.stringify(answers));`;
    expect(await evaluate('fetch', lines)).toEqual([200, 401]);
  });

  it('has a script that tries it', () => {
    const said = execFileSync(process.execPath, ['try.js'], { cwd: join(root, 'examples/fetch'), encoding: 'utf8' });
    expect(said).toContain('an unsigned call is answered 401');
  });
});
