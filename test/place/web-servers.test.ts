import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { webhooks } from '@smtpeter-webhooks/express';
import type { ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import express from 'express';
import express4 from 'express4';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from '../cli/process.testing.js';
import { freePort } from '../free-port.testing.js';
import { atEnd, id, keys, listening } from '../vendor.testing.js';

const name = 'smtpeter-x1.txt';
const contents = Buffer.from('verification of 1234\r\n\xe9\n', 'latin1');
const isRoot = process.getuid?.() === 0;

/** Starts a web server, and waits until it answers; of several ports one will be free. */
async function startServer(command: string, argsFor: (port: number) => readonly string[]): Promise<number> {
  for (let i = 0; i < 5; i++) {
    const port = await freePort();
    const child = spawn(command, argsFor(port), { stdio: 'ignore' });
    let gone = false;
    child.on('exit', () => {
      gone = true;
    });
    atEnd(() => {
      child.kill('SIGTERM');
      return new Promise((resolve) => (gone ? resolve(undefined) : child.once('exit', resolve)));
    });
    for (let j = 0; j < 200 && !gone; j++) {
      if (
        await fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        )
      )
        return port;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${command} does not start.`);
}

/** A site with a script, and a download beside it, readable for the server's own user. */
function site() {
  const folder = emptyFolder();
  chmodSync(folder, 0o755);
  const root = join(folder, 'html');
  mkdirSync(join(root, 'dir'), { recursive: true });
  writeFileSync(join(root, 'dir', 'script.php'), "<?php http_response_code(200); echo 'handled';");
  writeFileSync(join(folder, name), contents);
  return { folder, root, download: join(folder, name) };
}

async function command(...args: string[]) {
  const { code, stdout } = await run([...args, '--json']);
  return { exit: code, ...JSON.parse(stdout) };
}

/** Places the file at both places, one after the other; the server must give it to `check`. */
async function bothPlaces(port: number, root: string, download: string): Promise<void> {
  const url = `http://shop.test:${port}/dir/script.php`;
  const check = () => command('check', url, '--file', download, '--resolve', `shop.test:${port}:127.0.0.1`);
  const results = (report: { candidates: { result: string }[] }) => report.candidates.map((one) => one.result);
  expect(await check()).toMatchObject({ exit: 1, verified: false });
  expect(await command('place', download, '--handler', join(root, 'dir', 'script.php'), '--url', url)).toMatchObject({
    exit: 0,
  });
  const beside = await check();
  expect(beside).toMatchObject({ exit: 0, verified: true });
  expect(results(beside)).toEqual(['match', 'not-found']);
  expect(await command('place', download, '--webroot', root, '--url', url, '--root')).toMatchObject({ exit: 0 });
  expect(results(await check())).toEqual(['match', 'match']);
  expect(await command('remove', download, '--webroot', root, '--url', url)).toMatchObject({
    exit: 0,
    action: 'removed',
  });
  expect(results(await check())).toEqual(['not-found', 'match']);
}

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

it.skipIf(nginx === undefined)(
  'a real nginx serves what is placed (where nginx is installed)',
  { timeout: 120_000 },
  async () => {
    const { folder, root, download } = site();
    const port = await startServer(nginx ?? '', (free) => {
      const conf = join(folder, 'nginx.conf');
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((one) => `${one}_temp_path ${folder}/${one};`)
        .join(' ');
      writeFileSync(
        conf,
        `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {} http { access_log off; ${paths} types { text/plain txt; }
server { listen 127.0.0.1:${free}; server_name shop.test; root ${root}; } }`,
      );
      return ['-p', folder, '-c', conf, '-e', join(folder, 'error.log')];
    });
    await bothPlaces(port, root, download);
  },
);

const apache = ['/usr/sbin/apache2', '/usr/sbin/httpd'].find(existsSync);
const modules = '/usr/lib/apache2/modules';
const php = existsSync(modules) ? readdirSync(modules).find((one) => /^libphp\d?[\d.]*\.so$/.test(one)) : undefined;

it.skipIf(apache === undefined || php === undefined)(
  'a real Apache with PHP serves what is placed (where both are installed)',
  { timeout: 120_000 },
  async () => {
    const { folder, root, download } = site();
    const port = await startServer(apache ?? '', (free) => {
      const conf = join(folder, 'apache.conf');
      writeFileSync(join(folder, 'mime.types'), 'text/plain txt\n');
      const load = (module: string, file = `mod_${module}.so`) => `LoadModule ${module}_module ${modules}/${file}\n`;
      writeFileSync(
        conf,
        `ServerRoot ${folder}\nServerName shop.test\nListen 127.0.0.1:${free}\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log
${load('mpm_prefork')}${load('authz_core')}${load('mime')}${load('php', php)}TypesConfig ${folder}/mime.types
${isRoot ? 'User www-data\nGroup www-data\n' : ''}DocumentRoot ${root}\n<Directory ${root}>\nRequire all granted\n</Directory>
<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n`,
      );
      return ['-X', '-f', conf];
    });
    const page = await fetch(`http://127.0.0.1:${port}/dir/script.php`).then((response) => response.text());
    expect(page).toBe('handled');
    await bothPlaces(port, root, download);
  },
);

const doors: Record<string, (options: ReceiverOptions) => RequestListener> = {
  'Express 5': (options) => express().use(webhooks(options)) as RequestListener,
  'Express 4': (options) => express4().use(webhooks(options)) as unknown as RequestListener,
  'node:http': (options) => nodeReceiver(options),
  Fetch(options) {
    const receive = fetchReceiver(options);
    return async (request, response) => {
      const answer = await receive(new Request(new URL(request.url ?? '/', 'https://shop.test')));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
  },
};

describe.each(Object.keys(doors))('our middleware in %s', (door) => {
  it('serves what is placed by its own handler, at both places, without a restart', async () => {
    const { folder, download } = site();
    mkdirSync(join(folder, 'verification'));
    writeFileSync(join(folder, 'package.json'), '{"name":"shop"}');
    writeFileSync(join(folder, 'server.js'), "app.use(webhooks({ id, url, verificationFiles: './verification' }));");
    const options = {
      id,
      url: 'https://shop.test/dir/hook',
      keys: keys(),
      log: false as const,
      verificationFiles: join(folder, 'verification'),
    };
    const port = new URL(await listening(createHttpServer(doors[door]?.(options)))).port;
    const check = () =>
      command(
        'check',
        `http://shop.test:${port}/dir/hook`,
        '--file',
        download,
        '--resolve',
        `shop.test:${port}:127.0.0.1`,
      );
    expect(await check()).toMatchObject({ exit: 1 });
    const placed = await command('place', download, '--handler', join(folder, 'server.js'));
    expect(placed).toMatchObject({ exit: 0, rule: { id: 'middleware' }, path: join(folder, 'verification', name) });
    const found = await check();
    expect(found).toMatchObject({ exit: 0, verified: true, candidates: [{ result: 'match' }, { result: 'match' }] });
    expect(readFileSync(placed.path)).toEqual(contents);
  });
});

it('listen --verification-files serves them too', async () => {
  const { listen } = await import('../cli/listen.testing.js');
  const folder = emptyFolder();
  writeFileSync(join(folder, name), contents);
  const { to } = await listen(['--verification-files', folder]);
  const answer = await fetch(`${to}/${name}`);
  expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, contents]);
});
