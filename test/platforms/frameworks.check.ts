import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConformanceEndpoint, cases } from '@smtpeter-webhooks/sender/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin as cli } from '../cli/process.testing.js';
import {
  callBoth,
  id,
  key,
  keyId,
  type RunningExample,
  startExample,
  startVendorDns,
  url,
} from '../examples/example.testing.js';
import { root, run } from '../packages/packed.js';
import { freePort } from './free-port.js';
import { bin, copyOfExample, here, passed, versionOf } from './platform.js';

/*
 * Frameworks that build an app: each example is built as its README says, and its server started as a process, once as
 * it is with keys out of DNS, and once with a pinned key for every case of the conformance kit.
 */
interface Framework {
  readonly example: string;
  readonly platform: string;
  /** The package whose version the table tells. */
  readonly from: string;
  /** The file with the handler. */
  readonly handler: string;
  readonly build: readonly string[];
  readonly start: (port: number) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly ready: RegExp;
  /** It refuses forms by their Origin; the example does that in its place, but for the webhook. */
  readonly checksOrigin?: true;
  /** Written beside the example for the build. */
  readonly files?: Readonly<Record<string, string>>;
  /** Genuine calls that cannot be verified here, by the case's name, and why; docs/ways-in.md says so, too. */
  readonly lost?: Readonly<Record<string, string>>;
}

const verificationFile = 'smtpeter-x1y2z.txt';
const tool = (path: string) => join(here, 'node_modules', path);
const frameworks: readonly Framework[] = [
  {
    example: 'next',
    platform: 'Next.js, app router',
    from: 'next',
    handler: 'app/hooks/smtpeter/route.js',
    build: [tool('next/dist/bin/next'), 'build'],
    start: () => [tool('next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0'],
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
    // Its root is where node_modules are, some folders up; a user's project has its own.
    files: { 'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(root)} } };\n` },
    lost: { 'a query with escapes': 'Next.js writes the query anew' },
  },
  {
    example: 'react-router',
    platform: 'React Router, framework mode, react-router-serve',
    from: 'react-router',
    handler: 'app/routes/smtpeter.js',
    build: [tool('@react-router/dev/bin.cjs'), 'build'],
    start: () => [tool('@react-router/serve/dist/cli.js'), 'build/server/index.js'],
    ready: /http:\/\/localhost:(\d+)/,
  },
  {
    example: 'sveltekit',
    platform: 'SvelteKit, adapter-node',
    from: '@sveltejs/kit',
    handler: 'src/routes/hooks/smtpeter/+server.js',
    build: [tool('vite/bin/vite.js'), 'build'],
    start: () => ['build'],
    checksOrigin: true,
    env: { BODY_SIZE_LIMIT: '6M' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
  },
  {
    example: 'astro',
    platform: 'Astro, @astrojs/node',
    from: 'astro',
    handler: 'src/pages/hooks/smtpeter.js',
    build: [tool('astro/bin/astro.mjs'), 'build'],
    start: () => ['dist/server/entry.mjs'],
    checksOrigin: true,
    env: { ASTRO_TELEMETRY_DISABLED: '1' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
  },
];

let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(() => dns.close());

describe.each(frameworks)('$platform', (framework) => {
  const {
    example,
    platform,
    from,
    handler,
    build,
    start,
    env = {},
    ready,
    files = {},
    lost = {},
    checksOrigin,
  } = framework;
  const version = versionOf(from);
  const absent = version === undefined || !existsSync(bin.node24);
  const reason = absent ? ' (could not be fetched)' : '';
  const cwd = join(here, '.run', example);
  const handled = join(cwd, 'handled');
  const environment = { ...env, PATH: `${join(bin.node24, '..')}:${process.env['PATH']}` };

  async function serve(...preloads: string[]): Promise<RunningExample> {
    const port = await freePort();
    const preload = ['examples/preload-dns.mjs', ...preloads].flatMap((file) => [
      '--import',
      pathToFileURL(join(root, 'test', file)).href,
    ]);
    const more = {
      PORT: String(port),
      HOST: '127.0.0.1',
      TEST_HANDLED: handled,
      TEST_KEYS: JSON.stringify({ keys: [{ ...key.publicJwk, kid: keyId }] }),
    };
    const command = [bin.node24, ...preload, ...start(port)];
    return startExample({ dns, cwd, command, env: { ...environment, ...more }, ready });
  }

  beforeAll(() => {
    if (absent) return;
    copyOfExample(example);
    const file = join(cwd, handler);
    const code = readFileSync(file, 'utf8');
    expect(code).toContain('  on: {');
    writeFileSync(
      file,
      code.replace(/^ {2}on: \{[\s\S]*?^ {2}\},\n/m, (on) => `${on}  ...globalThis.underTest,\n`),
    );
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    writeFileSync(join(cwd, '..', verificationFile), 'as the vendor gave it');
    // Where a new project of the framework has its files that are served as they are; the examples have none.
    mkdirSync(join(cwd, example === 'sveltekit' ? 'static' : 'public'));
    run(bin.node24, [cli, 'place', `../${verificationFile}`, '--handler', handler, '--url', url], cwd, environment);
    run(bin.node24, [...build], cwd, environment);
  });

  it.skipIf(absent)(`one genuine call, one forgery, and the file that place has placed${reason}`, async () => {
    const running = await serve();
    try {
      expect(await callBoth(running.to), running.output()).toEqual([200, 401]);
      await running.printed(/open \S+@/);
      const placed = await fetch(`${running.to}/hooks/${verificationFile}`);
      expect(await placed.text()).toBe('as the vendor gave it');
    } finally {
      await running.stop();
    }
    passed({ platform, version: version ?? '', door: 'receiver/fetch' });
  });

  describe('conforms', () => {
    let running: RunningExample;
    beforeAll(async () => {
      if (absent) return;
      writeFileSync(handled, '');
      running = await serve('platforms/preload-under-test.mjs');
    });
    afterAll(async () => {
      await running?.stop();
      rmSync(handled, { force: true });
    });
    if (checksOrigin)
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
      handled: () => readFileSync(handled).length,
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
