import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sendRequest, signRequest } from '@smtpeter-webhooks/sender';
import { afterAll, expect, it } from 'vitest';
import { forgery, genuine, id, key, keyId, startExample, startVendorDns } from '../examples/example.testing.js';
import { freePort } from '../free-port.testing.js';
import { emptyFolder, pack, root, run } from './packed.js';

const outside = emptyFolder();
afterAll(outside.remove);
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';

it('from an empty folder to a genuine call, by the commands and the code of the README', async () => {
  const tarballs = pack(join(outside.folder, 'tarballs'), ['events', 'verify', 'receiver', 'express']);
  const folder = join(outside.folder, 'app');
  // The registry does not have this very build: its names stand for the tarballs.
  const ours = Object.fromEntries([...tarballs].map(([name, file]) => [`@smtpeter-webhooks/${name}`, `file:${file}`]));
  const { '@smtpeter-webhooks/express': _direct, ...overrides } = ours;
  run('mkdir', [folder], outside.folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', overrides }));
  const [command = '', ...words] = block('sh').trim().split(/\s+/);
  expect([command, words[0]]).toEqual(['npm', 'install']);
  run(command, [...words.map((word) => ours[word] ?? word), '--no-audit', '--no-fund'], folder);

  // What the comments of the code say to replace: the id is the one that the test signs with, the URL is local.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hooks/smtpeter`;
  const code = block('ts')
    .replace('https://example.com/hooks/smtpeter', url)
    .replace('listen(3000)', `listen(${port})`);
  expect(code).toContain(url);
  expect(code).toContain(id);
  writeFileSync(join(folder, 'app.js'), `${code}\nconsole.log('listening on port ${port}');\n`);

  const dns = await startVendorDns();
  const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;
  const app = await startExample({ dns, cwd: folder, command: [process.execPath, '--import', preload, 'app.js'] });
  try {
    const { body } = genuine();
    const signed = signRequest({ url, id, key, keyId, body, contentType: 'application/json' });
    expect((await sendRequest(signed)).status, app.output()).toBe(200);
    await app.printed(/opened/);
    expect((await sendRequest({ ...forgery(), url })).status).not.toBe(200);
  } finally {
    await app.stop();
    await dns.close();
  }
});
