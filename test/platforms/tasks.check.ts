import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sendRequest } from '@smtpeter-webhooks/sender';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callBoth,
  genuine,
  type RunningExample,
  root,
  startExample,
  startVendorDns,
} from '../examples/example.testing.js';
import { freePort } from '../free-port.testing.js';
import { copyOfExample } from './platform.js';

/** Debian keeps the programs of PostgreSQL in a folder of each version. */
const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
const postgres = versions
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((bin) => existsSync(join(bin, 'initdb')));
const redis = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync);
const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;
const command = [process.execPath, '--import', preload, 'server.js'];

const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-tasks-'));
let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(async () => {
  await dns.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(postgres === undefined)('with PostgreSQL (skipped where it is not installed)', () => {
  const data = join(folder, 'data');
  const asRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; Debian has a user for it.
  const pg = (program: string, ...args: string[]) => {
    const line = [join(postgres ?? '', program), ...args];
    return asRoot
      ? execFileSync('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...line])
      : execFileSync(line[0] ?? '', line.slice(1));
  };
  let env: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    if (asRoot) execFileSync('chown', ['postgres', folder]);
    const port = await freePort();
    pg('initdb', '-D', data, '-U', 'tester', '-A', 'trust', '--no-sync');
    pg('pg_ctl', '-D', data, '-w', '-o', `-p ${port} -k ${folder} -h 127.0.0.1 -F`, '-l', join(folder, 'log'), 'start');
    env = { DATABASE_URL: `postgres://tester@127.0.0.1:${port}/postgres` };
  });
  afterAll(() => void pg('pg_ctl', '-D', data, '-m', 'immediate', 'stop'));

  const sql = async (text: string) => {
    const { default: client } = await import(
      pathToFileURL(join(root, 'test/platforms/node_modules/pg/lib/index.js')).href
    );
    const connection = new client.Client({ connectionString: env['DATABASE_URL'] });
    await connection.connect();
    const { rows } = await connection.query(text);
    await connection.end();
    return rows;
  };
  const running = async (name: string, use: (example: RunningExample) => Promise<void>) => {
    const example = await startExample({ dns, cwd: copyOfExample(name), command, env });
    try {
      expect(await callBoth(example.to), example.output()).toEqual([200, 401]);
      await use(example);
    } finally {
      await example.stop();
    }
  };

  it('examples/postgresql-events stores an event once, however often it comes', () =>
    running('postgresql-events', async ({ to }) => {
      const fields = { recipient: 'twice@example.org', time: '1767268800' };
      const call = genuine('open', fields);
      expect((await sendRequest(call, { to })).status).toBe(200);
      expect((await sendRequest(call, { to })).status).toBe(200);
      expect(await sql("select times from opens where recipient = 'twice@example.org'")).toEqual([{ times: 1 }]);
      expect(await sql('select count(*)::int as n from webhook_event')).toEqual([{ n: 2 }]);
    }));

  it('examples/suppress-bounces suppresses after a permanent failure or a complaint, not after a temporary one', () =>
    running('suppress-bounces', async ({ to }) => {
      const failure = (recipient: string, extended: string) =>
        genuine('failure', { recipient, extended, code: `${extended[0]}50` });
      expect((await sendRequest(failure('gone@example.org', '5.1.1'), { to })).status).toBe(200);
      expect((await sendRequest(failure('full@example.org', '4.2.2'), { to })).status).toBe(200);
      expect((await sendRequest(genuine('abuse', { recipient: 'angry@example.org' }), { to })).status).toBe(200);
      const of = async (address: string) => (await fetch(`${to}/suppressed/${address}`)).json();
      expect(await of('Gone@example.org')).toEqual({ suppressed: true });
      expect(await of('full@example.org')).toEqual({ suppressed: false });
      expect(await of('angry@example.org')).toEqual({ suppressed: true });
    }));

  it('examples/sync-profiles keeps the newest, whatever the order', () =>
    running('sync-profiles', async ({ to }) => {
      const update = (time: string, name: string) =>
        genuine('profile.update', { profile: '77', time, fields: { name } });
      expect((await sendRequest(update('1767268860', 'new'), { to })).status).toBe(200);
      expect((await sendRequest(update('1767268800', 'old'), { to })).status).toBe(200);
      const rows = await sql("select fields->>'name' as name, deleted from contact where profile = '77'");
      expect(rows).toEqual([{ name: 'new', deleted: false }]);
    }));
});

it.skipIf(redis === undefined)(
  'examples/forward-to-queue, with Redis (skipped where it is not installed)',
  async () => {
    const port = await freePort();
    const server = spawn(redis ?? '', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise<void>((resolve) =>
        server.stdout.on('data', (chunk) => /Ready to accept/i.test(String(chunk)) && resolve()),
      );
      const env = { REDIS_URL: `redis://127.0.0.1:${port}` };
      const example = await startExample({ dns, cwd: copyOfExample('forward-to-queue'), command, env });
      try {
        expect(await callBoth(example.to), example.output()).toEqual([200, 401]);
        const length = execFileSync('redis-cli', ['-p', String(port), 'xlen', 'webhook-events'], { encoding: 'utf8' });
        expect(length.trim()).toBe('1');
        server.kill('SIGKILL');
        await new Promise((resolve) => server.once('exit', resolve));
        expect((await sendRequest(genuine(), { to: example.to })).status).toBe(503);
      } finally {
        await example.stop();
      }
    } finally {
      server.kill('SIGKILL');
    }
  },
);
