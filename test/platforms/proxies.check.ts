import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callBoth, type RunningExample, root, startExample, startVendorDns } from '../examples/example.testing.js';

/*
 * The snippets of docs/proxies.md as they stand there, before the Express example. TLS is left out: the scheme that a
 * proxy would tell is written in its place.
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves once something listens there; rejects when the process ends before. */
function listens(port: number, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)));
    const attempt = () => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', () => setTimeout(attempt, 50));
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

const proxies = [
  { name: 'nginx', program: '/usr/sbin/nginx', conf: nginx, args: (file: string) => ['-p', folder, '-c', file] },
  { name: 'Apache', program: '/usr/sbin/apache2', conf: apache, args: (file: string) => ['-X', '-f', file] },
];

describe.each(proxies)('$name', ({ name, program, conf, args }) => {
  const absent = !existsSync(program);

  it.skipIf(absent)(`passes a genuine call on unchanged${absent ? ' (not installed)' : ''}`, async () => {
    const port = await freePort();
    const file = join(folder, `${name}.conf`);
    writeFileSync(file, conf(port).replaceAll('127.0.0.1:3000', new URL(example.to).host));
    const child = spawn(program, args(file), { stdio: ['ignore', 'inherit', 'inherit'] });
    try {
      await listens(port, child);
      expect(await callBoth(`http://127.0.0.1:${port}`), example.output()).toEqual([200, 401]);
    } finally {
      child.kill('SIGTERM');
    }
  });
});
