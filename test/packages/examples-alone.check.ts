import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sendRequest } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callBoth, genuine, id, startExample, startVendorDns, url } from '../examples/example.testing.js';
import { freePort } from '../free-port.testing.js';
import { emptyFolder, pack, root, run } from './packed.js';
import { nodes, tool } from './tools.js';

/*
 * Each example as somebody has it who copied its folder: outside the workspace, with what its own package.json asks for,
 * installed by npm, of which our packages are the packed ones. Scripts of packages do not run: none may be needed.
 */
const examples = join(root, 'examples');
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));

/** What cannot be started by Node.js alone, and why; npm run test:platforms starts these. */
const notStarted: Readonly<Record<string, string>> = {
  bun: 'needs Bun',
  deno: 'needs Deno',
  'forward-to-queue': 'needs a Redis server',
  'postgresql-events': 'needs a PostgreSQL server',
  'suppress-bounces': 'needs a PostgreSQL server',
  'sync-profiles': 'needs a PostgreSQL server',
};

/** Those that are no server: lines that print how an unsigned call is answered. */
const functions: Readonly<Record<string, string>> = {
  'cloudflare-worker': `import worker from './worker.js';
const request = new Request(process.env.WEBHOOK_URL, { method: 'POST', body: '{"type":"open"}' });
console.log((await worker.fetch(request, process.env, { waitUntil() {} })).status);`,
  fetch: `import { receive } from './handler.js';
console.log((await receive(new Request(process.env.WEBHOOK_URL, { method: 'POST', body: '{"type":"open"}' }))).status);`,
  lambda: `import { handler } from './handler.js';
const { host, pathname } = new URL(process.env.WEBHOOK_URL);
const requestContext = { http: { method: 'POST' } };
const event = { version: '2.0', rawPath: pathname, rawQueryString: '', headers: { host }, requestContext, body: '{}' };
console.log((await handler(event)).statusCode);`,
};

const node = nodes['24'] ?? '';
const env = {
  PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
  WEBHOOK_ID: id,
  WEBHOOK_URL: url,
  NEXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
};
const outside = emptyFolder();
const tarballs = pack(join(outside.folder, 'tarballs'), ['events', 'verify', 'receiver', 'express', 'fastify']);
const ours = new Map([...tarballs].map(([name, file]) => [`@smtpeter-webhooks/${name}`, `file:${file}`]));
let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(async () => {
  await dns.close();
  outside.remove();
});

/** The manifest of an example, whose packages of ours are the tarballs, also where another of ours asks for them. */
function withTarballs(text: string) {
  const manifest = JSON.parse(text);
  const direct = Object.keys(manifest.dependencies ?? {});
  for (const name of direct) {
    if (!name.startsWith('@smtpeter-webhooks/')) continue;
    const file = ours.get(name);
    if (file === undefined) throw new Error(`${name} is not packed.`);
    manifest.dependencies[name] = file;
  }
  return { ...manifest, overrides: Object.fromEntries([...ours].filter(([name]) => !direct.includes(name))) };
}

describe.each(names)('examples/%s, alone', (name) => {
  const folder = join(outside.folder, name);
  const manifest = withTarballs(readFileSync(join(examples, name, 'package.json'), 'utf8'));
  const scripts: { readonly build?: string; readonly start: string } = manifest.scripts;
  const isServer = notStarted[name] === undefined && functions[name] === undefined;

  beforeAll(() => {
    cpSync(join(examples, name), folder, {
      recursive: true,
      filter: (source) => !/^(node_modules|dist|build|\..*)$/.test(source.slice(join(examples, name).length + 1)),
    });
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    run('npm', ['install', ...quick], folder, env);
    if (scripts.build !== undefined) run('npm', ['run', 'build'], folder, env);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  if (isServer)
    it('starts, and answers a genuine call with 200, a forgery and an unsigned call with 401', async () => {
      const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;
      const example = await startExample({
        dns,
        cwd: folder,
        // As `npm start` does it, without npm and a shell between us and the process that is to be stopped.
        command: ['env', ...scripts.start.split(' ')],
        env: {
          ...env,
          PATH: `${join(folder, 'node_modules/.bin')}${delimiter}${env.PATH}`,
          NODE_OPTIONS: `--import ${preload}`,
          // Frameworks tell no port but the one that they were given.
          PORT: scripts.build === undefined ? '0' : String(await freePort()),
        },
        ready: /(?:listening on port |http:\/\/(?:127\.0\.0\.1|localhost):)(\d+)/,
      });
      try {
        expect(await callBoth(example.to), example.output()).toEqual([200, 401]);
        const call = genuine();
        const headers = call.headers.filter(([header]) => header.toLowerCase() !== 'signature');
        expect((await sendRequest({ ...call, headers }, { to: example.to })).status, example.output()).toBe(401);
      } finally {
        await example.stop();
      }
    });

  if (functions[name] !== undefined)
    it('loads, and answers an unsigned call with 401', () => {
      writeFileSync(join(folder, 'call.mjs'), functions[name] ?? '');
      expect(run(node, ['call.mjs'], folder, env).trim()).toBe('401');
    });

  if (notStarted[name] !== undefined)
    it('has every package and every name that it imports', () => {
      const bundle = ['server.js', '--bundle', '--platform=node', '--format=esm', '--outfile=bundled.mjs'];
      // An optional addon of pg, which it does without.
      run(node, [tool('esbuild/bin/esbuild'), ...bundle, '--external:pg-native', '--log-level=warning'], folder, env);
      expect(readFileSync(join(folder, 'bundled.mjs'), 'utf8')).toContain('copernica.com');
    });
  if (notStarted[name] !== undefined) it.skip(`starts (${notStarted[name]}: see npm run test:platforms)`);
});
