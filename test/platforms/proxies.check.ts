import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { sampleEvent, sendRequest, signRequest } from '@smtpeter-webhooks/sender';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  callBoth,
  id,
  key,
  keyId,
  type RunningExample,
  root,
  startExample,
  startVendorDns,
  url,
} from '../examples/example.testing.js';
import { freePort } from '../free-port.testing.js';
import { passed } from './platform.js';

/*
 * The snippets of docs/proxies.md as they stand there, before the Express example. nginx and Apache go without TLS: the
 * scheme that they would tell is written in its place.
 */
const page = readFileSync(join(root, 'docs/proxies.md'), 'utf8');
const snippet = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;

const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-proxies-'));
let dns: Awaited<ReturnType<typeof startVendorDns>>;
let example: RunningExample;
beforeAll(async () => {
  dns = await startVendorDns();
});
// One for each: a second forgery within moments would be told to come again, for the key was just looked up anew.
beforeEach(async () => {
  const command = [process.execPath, '--import', preload, 'server.js'];
  example = await startExample({ dns, cwd: join(root, 'examples/express'), command });
});
afterEach(() => example.stop());
afterAll(async () => {
  await dns.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves once something listens there, and has a certificate if it needs one; rejects when the process ends before. */
function listens(port: number, child: ChildProcess, authority?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)));
    const attempt = () => {
      const again = () => setTimeout(attempt, 50);
      if (authority !== undefined && !existsSync(authority)) return again();
      const to = { port, host: '127.0.0.1' };
      const socket =
        authority === undefined
          ? connect(to)
          : connectTls({ ...to, servername: 'example.com', ca: readFileSync(authority) });
      socket.once(authority === undefined ? 'connect' : 'secureConnect', () => {
        socket.destroy();
        resolve();
      });
      return socket.once('error', again);
    };
    attempt();
  });
}

const nginx = (port: number) => `
daemon off; pid ${folder}/nginx.pid; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port}; ${snippet('nginx').replace('$scheme', 'https')} }
}`;
const modules = '/usr/lib/apache2/modules';
const apache = (port: number) => `
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache.pid
Listen 127.0.0.1:${port}
${['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http'].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
User www-data
Group www-data
ErrorLog ${folder}/apache.log
${snippet('apache')}`;

/** With TLS of its own, by a certificate of an authority that it makes for itself. */
const caddy = (port: number) => `
{
  admin off
  skip_install_trust
  auto_https disable_redirects
  https_port ${port}
  default_sni example.com
  storage file_system ${folder}/caddy
}
${snippet('caddy').replace('example.com {', 'example.com {\n  tls internal')}`;

interface Proxy {
  readonly name: string;
  readonly program: string;
  readonly conf: (port: number) => string;
  readonly args: (file: string) => readonly string[];
  /** The certificate that calls go over TLS with; without one they go over plain HTTP. */
  readonly authority?: string;
  /** How it tells its version. */
  readonly version: readonly string[];
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    program: '/usr/sbin/nginx',
    conf: nginx,
    args: (file) => ['-p', folder, '-c', file],
    version: ['-v'],
  },
  { name: 'Apache', program: '/usr/sbin/apache2', conf: apache, args: (file) => ['-X', '-f', file], version: ['-v'] },
  {
    name: 'Caddy',
    program: '/usr/bin/caddy',
    conf: caddy,
    args: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
    version: ['version'],
    authority: join(folder, 'caddy/pki/authorities/local/root.crt'),
  },
];

describe.each(proxies)('$name', ({ name, program, conf, args, authority, version }) => {
  const absent = !existsSync(program);

  it.skipIf(absent)(`passes genuine calls on unchanged${absent ? ' (not installed)' : ''}`, async () => {
    const port = await freePort();
    const file = join(folder, `${name}.conf`);
    writeFileSync(file, conf(port).replaceAll('127.0.0.1:3000', new URL(example.to).host));
    const child = spawn(program, args(file), { stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      await listens(port, child, authority);
      const connection = authority === undefined ? {} : { ca: readFileSync(authority) };
      const to = `${authority === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
      expect(await callBoth(to, connection), example.output()).toEqual([200, 401]);
      const awkward = signRequest({
        url: `${url}?a=1&b=%2F%20+x%C3%A9&c`,
        id,
        key,
        keyId,
        event: sampleEvent('click'),
      });
      expect((await sendRequest(awkward, { to, ...connection })).status, example.output()).toBe(200);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    const { stdout, stderr } = spawnSync(program, version, { encoding: 'utf8' });
    passed({
      platform: `${name}, in front of Express`,
      version: /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? '',
      door: 'express',
    });
  });
});
