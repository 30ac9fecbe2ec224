import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { callBoth, startExample, startVendorDns } from '../examples/example.testing.js';
import { root, run } from '../packages/packed.js';
import { bin, copyOfExample, here, passed, versionOf } from './platform.js';

const version = versionOf('next');

it.skipIf(version === undefined)('Next.js, app router: one genuine call, one forgery', async () => {
  const cwd = copyOfExample('next');
  const next = join(here, 'node_modules/next/dist/bin/next');
  const env = { NEXT_TELEMETRY_DISABLED: '1', PATH: `${join(here, 'node_modules/node24/bin')}:${process.env['PATH']}` };
  // Its root is where node_modules are, some folders up; a user's project has its own.
  writeFileSync(join(cwd, 'next.config.mjs'), `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`);
  run(bin.node24, [next, 'build'], cwd, env);
  const dns = await startVendorDns();
  const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;
  const command = [bin.node24, '--import', preload, next, 'start', '-H', '127.0.0.1', '-p', '0'];
  const example = await startExample({ dns, cwd, command, env, ready: /http:\/\/127\.0\.0\.1:(\d+)/ });
  try {
    expect(await callBoth(example.to), example.output()).toEqual([200, 401]);
    await example.printed(/open \S+@/);
  } finally {
    await example.stop();
    await dns.close();
  }
  passed({ platform: 'Next.js, app router', version: version ?? '', door: 'receiver/fetch' });
});
