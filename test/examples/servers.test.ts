import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendRequest } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callBoth, genuine, root, startExample, startVendorDns } from './example.testing.js';

const examples = join(root, 'examples');
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));

let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(() => dns.close());

/** Those whose frameworks are installed here; npm run test:platforms has the others. */
const here = {
  express: /open \S+@/,
  'express-behind-nginx': /open \S+@/,
  node: /open \S+@/,
  fastify: /open \S+@/,
  koa: /open \S+@/,
  hono: /open \S+@/,
  plain: /genuine: \d+ bytes/,
};

describe.each(Object.entries(here))('examples/%s', (name, handled) => {
  it('answers a genuine call with 200, and a forgery with 401', async () => {
    const example = await startExample({ dns, cwd: join(examples, name) });
    try {
      expect(await callBoth(example.to)).toEqual([200, 401]);
      await example.printed(handled);
    } finally {
      await example.stop();
    }
  });
});

it('examples/opens-per-hour shows the open that came', async () => {
  const example = await startExample({ dns, cwd: join(examples, 'opens-per-hour') });
  try {
    expect(await callBoth(example.to)).toEqual([200, 401]);
    const time = Math.floor(Date.now() / 1000);
    expect((await sendRequest(genuine('open', { time: String(time) }), { to: example.to })).status).toBe(200);
    const answer = await fetch(`${example.to}/opens.json`);
    const hours = (await answer.json()) as { readonly opens: number }[];
    expect(hours).toHaveLength(24);
    // The hour may have turned since.
    expect(hours.slice(-2).reduce((sum, hour) => sum + hour.opens, 0)).toBeGreaterThanOrEqual(1);
  } finally {
    await example.stop();
  }
});

const frameworks = new Set(['astro', 'react-router', 'sveltekit']);

describe.each(names)('examples/%s', (name) => {
  const folder = join(examples, name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

  it('is small, and can be installed by itself', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8').trimEnd().split('\n');
    expect(readme.length).toBeLessThanOrEqual(15);
    const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(js|jsx|mjs)$/.test(file))
      .filter((file) => !/(^|\/)(node_modules|build|dist|\.[a-z-]+)\//.test(file));
    for (const file of code) {
      expect(readFileSync(join(folder, file), 'utf8').split('\n').length, file).toBeLessThan(80);
      const imported = [...readFileSync(join(folder, file), 'utf8').matchAll(/from '((?:@[^/']+\/)?[^/'.:][^/':]*)/g)];
      for (const [, specifier = ''] of imported.filter(([, one = '']) => !one.startsWith('node'))) {
        expect(
          Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
          `${file} imports ${specifier}`,
        ).toContain(specifier);
      }
    }
    expect(manifest).toMatchObject({ private: true, type: 'module' });
    // Node.js as the packages ask for it, or as the framework does.
    expect(manifest.engines.node).toMatch(frameworks.has(name) ? /^>=22\.\d+$/ : /^>=20\.19$/);
  });
});
