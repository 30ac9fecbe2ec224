import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from './process.testing.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const made = /(^|\/)(node_modules|dist|build|\.(next|astro|svelte-kit|react-router)|package-lock\.json)(\/|$)/;
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .filter((path) => !made.test(path))
    .sort();

const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('init', () => {
  it('has the examples that people ask for', async () => {
    const { stdout, code } = await run(['init', '--json']);
    expect(code).toBe(0);
    expect(jsonOf(stdout)['examples']).toEqual(names);
    expect(names).toEqual(expect.arrayContaining(['express', 'fastify', 'fetch', 'hono', 'next', 'node']));
  });

  it.each(['express', 'next'])(
    '%s: writes the very files, and nothing is filled in that was not given',
    async (name) => {
      const folder = emptyFolder();
      const result = await run(['init', name, '--json'], { cwd: folder });
      expect(result.code).toBe(0);
      const written = join(folder, `smtpeter-webhooks-${name}`);
      expect(filesOf(written)).toEqual(filesOf(join(examples, name)));
      expect(jsonOf(result.stdout)).toMatchObject({ ok: true, example: name, files: filesOf(written) });
      expect(jsonOf(result.stdout)['next']).toEqual(
        expect.arrayContaining([`cd smtpeter-webhooks-${name}`, 'npm install', 'npm start']),
      );
      for (const file of filesOf(written)) {
        expect(readFileSync(join(written, file))).toEqual(readFileSync(join(examples, name, file)));
      }
    },
  );

  it('leads nowhere that is not written with it', () => {
    for (const name of names) {
      const text = readFileSync(join(examples, name, 'README.md'), 'utf8');
      for (const [, to = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (/^https:/.test(to)) continue;
        expect(to, name).not.toMatch(/^\.\./);
        expect(existsSync(join(examples, name, to)), `${name}: ${to}`).toBe(true);
      }
    }
  });

  it('fills in URL and id, and puts a route where the URL has it', async () => {
    const folder = emptyFolder();
    const own = ['--url', "https://shop.example/api/o'hook", '--id', 'account-77'];
    expect(await run(['init', 'express', '--dir', 'mine', ...own], { cwd: folder })).toMatchObject({ code: 0 });
    const code = readFileSync(join(folder, 'mine', 'server.js'), 'utf8');
    expect(code).toContain("'https://shop.example/api/o%27hook'");
    expect(code).toContain("'account-77'");
    expect(code).not.toContain('environment-1234');
    const next = ['--dir', 'next', '--url', 'https://shop.example/api/copernica'];
    expect(await run(['init', 'next', ...next], { cwd: folder })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'next', 'app', 'api', 'copernica', 'route.js'))).toBe(true);
  });

  it.each([
    ['next', '/api/copernica', 'app/api/copernica/route.js', undefined],
    ['next', '/', 'app/route.js', undefined],
    ['sveltekit', '/api/copernica', 'src/hooks.server.js', "route.id === '/api/copernica'"],
    ['sveltekit', '/api/copernica', 'src/routes/api/copernica/+server.js', undefined],
    ['astro', '/api/copernica', 'src/middleware.js', "routePattern === '/api/copernica'"],
    ['astro', '/api/copernica', 'src/pages/api/copernica.js', undefined],
    ['astro', '/', 'src/pages/index.js', undefined],
    ['react-router', '/api/copernica', 'app/routes.js', "route('api/copernica', 'routes/smtpeter.js')"],
    ['hono', '/api/copernica', 'server.js', "app.post('/api/copernica', "],
    ['bun', '/', 'server.js', "routes: { '/': "],
    ['koa', '/api/copernica', 'server.js', "context.path !== '/api/copernica'"],
    ['express-behind-nginx', '/api/copernica', 'nginx.conf', 'location = /api/copernica {'],
  ])('%s takes calls at %s: %s', async (name, path, file, line) => {
    const folder = emptyFolder();
    const result = await run(['init', name, '--dir', 'mine', '--url', `https://shop.example${path}`], { cwd: folder });
    expect(result).toMatchObject({ code: 0 });
    const written = filesOf(join(folder, 'mine'));
    expect(written).toContain(file);
    const text = readFileSync(join(folder, 'mine', file), 'utf8');
    if (line !== undefined) expect(text).toContain(line);
    for (const one of written) expect(readFileSync(join(folder, 'mine', one), 'utf8')).not.toMatch(/hooks\/smtpeter/);
  });

  it('overwrites nothing: then it writes nothing at all', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'server.js'), 'my own');
    const result = await run(['init', 'express', '--dir', 'mine', '--json'], { cwd: folder });
    expect(result.code).toBe(1);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_EXISTS', existing: ['server.js'] });
    expect(filesOf(join(folder, 'mine'))).toEqual(['server.js']);
    expect(readFileSync(join(folder, 'mine', 'server.js'), 'utf8')).toBe('my own');
  });

  it('says what it could not do', async () => {
    const unknown = await run(['init', 'expres', '--json']);
    expect(unknown.code).toBe(2);
    expect(unknown.stdout).toContain('Did you mean express');
    expect(await run(['init', 'express', '--id', 'me'])).toMatchObject({ code: 2 });
    expect(await run(['init', 'express', '--url', '/hooks'])).toMatchObject({ code: 2 });
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(await run(['init', 'express', '--dir', join('file', 'below')], { cwd: folder })).toMatchObject({ code: 3 });
  });
});
