import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../failure.js';
import { type Location, locate, type PlaceOptions } from './location.js';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'smtpeter-layout-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a project: paths and texts; a path that ends in `/` is a directory. */
function project(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const whole = join(folder, path);
    mkdirSync(path.endsWith('/') ? whole : dirname(whole), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(whole, text);
  }
}

const packageJson = (dependencies: Record<string, string>) => JSON.stringify({ name: 'shop', dependencies });
const place = (handler: string, more: PlaceOptions = {}) => locate({ handler: join(folder, handler), ...more });

function shown(location: Location) {
  const { base, below, rule, rebuild, warnings, urlOf } = location;
  return {
    at: relative(folder, join(base, ...below)),
    base: relative(folder, base),
    rule: rule.id,
    rebuild,
    warnings: warnings.length,
    url: urlOf('smtpeter-a.txt'),
  };
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.catch((one: unknown) => one);
  if (error instanceof Failure) return error;
  throw new Error(`It did not fail: ${JSON.stringify(error)}`);
}

const next = {
  'package.json': packageJson({ next: '15.1.0', react: '19.0.0' }),
  'next.config.mjs': 'export default {};',
  'public/': '',
};
const nuxt = {
  'package.json': packageJson({ nuxt: '^3.14.0' }),
  'nuxt.config.ts': 'export default defineNuxtConfig({ devtools: { enabled: true } })',
  'public/': '',
};
const svelte = {
  'package.json': packageJson({ '@sveltejs/kit': '^2.0.0' }),
  'svelte.config.js': 'export default { kit: { adapter: adapter() } };',
  'static/': '',
};
const astro = {
  'package.json': packageJson({ astro: '^5.0.0' }),
  'astro.config.mjs': "import { defineConfig } from 'astro/config';\nexport default defineConfig({});",
  'public/': '',
};
const remix = {
  'package.json': packageJson({ '@remix-run/node': '^2.15.0', '@remix-run/react': '^2.15.0' }),
  'public/': '',
};
const reactRouter = {
  'package.json': packageJson({ '@react-router/node': '^7.0.0' }),
  'react-router.config.ts': 'export default {};',
  'public/': '',
};

describe('the directory that the URL of a handler is served from', () => {
  it.each([
    ['next-app-router', next, 'app/api/smtpeter/route.ts', 'public/api'],
    ['next-app-router', next, 'src/app/api/smtpeter/route.js', 'public/api'],
    ['next-app-router', next, 'app/smtpeter/route.ts', 'public'],
    ['next-app-router', next, 'app/(shop)/api/(hooks)/mail/smtpeter/route.ts', 'public/api/mail'],
    ['next-pages-router', next, 'pages/api/smtpeter.ts', 'public/api'],
    ['next-pages-router', next, 'pages/api/smtpeter/index.ts', 'public/api'],
    ['next-pages-router', next, 'src/pages/api/hooks/smtpeter.js', 'public/api/hooks'],
    ['nuxt', nuxt, 'server/api/smtpeter.post.ts', 'public/api'],
    ['nuxt', nuxt, 'server/api/hooks/index.ts', 'public/api'],
    ['nuxt', nuxt, 'server/routes/hooks/smtpeter.ts', 'public/hooks'],
    ['sveltekit', svelte, 'src/routes/api/smtpeter/+server.ts', 'static/api'],
    ['sveltekit', svelte, 'src/routes/(public)/hooks/smtpeter/+server.js', 'static/hooks'],
    ['astro', astro, 'src/pages/api/smtpeter.ts', 'public/api'],
    ['remix', remix, 'app/routes/api.smtpeter.ts', 'public/api'],
    ['remix', remix, 'app/routes/api.hooks.smtpeter/route.ts', 'public/api/hooks'],
    ['remix', remix, 'app/routes/_layout.hooks_.smtpeter.ts', 'public/hooks'],
    [
      'remix',
      {
        ...reactRouter,
        'app/routes.ts': "import { flatRoutes } from '@react-router/fs-routes';\nexport default flatRoutes();",
      },
      'app/routes/api.smtpeter.ts',
      'public/api',
    ],
  ])('%s: %#', async (id, files, handler, at) => {
    project({ ...files, [handler]: '' });
    expect(shown(await place(handler))).toMatchObject({ at, rule: id, rebuild: true, url: null });
    const path = `${at.replace(/^[^/]*/, '')}/smtpeter-a.txt`;
    const route = `https://example.com${at.replace(/^[^/]*/, '')}/${/hooks\/index/.test(handler) ? 'hooks' : 'smtpeter'}`;
    const withUrl = shown(await place(handler, { url: route }));
    expect(withUrl).toMatchObject({ at, url: `https://example.com${path}` });
    const root = shown(await place(handler, { url: route, root: true }));
    expect(root).toMatchObject({ at: at.split('/')[0], url: 'https://example.com/smtpeter-a.txt' });
  });

  it.each([
    [
      'nuxt',
      { ...nuxt, 'nuxt.config.ts': "export default defineNuxtConfig({ dir: { public: 'assets/www' } })" },
      'server/api/smtpeter.ts',
      'assets/www/api',
    ],
    [
      'sveltekit',
      { ...svelte, 'svelte.config.js': "export default { kit: { files: { assets: 'www' } } };" },
      'src/routes/api/x/+server.ts',
      'www/api',
    ],
    [
      'sveltekit 3',
      {
        'package.json': packageJson({ '@sveltejs/kit': '^3.0.0' }),
        'vite.config.js': "export default { plugins: [sveltekit({ adapter: adapter(), files: { assets: 'www' } })] };",
      },
      'src/routes/api/x/+server.ts',
      'www/api',
    ],
    [
      'astro',
      { ...astro, 'astro.config.mjs': "export default { /* publicDir: 'no' */ publicDir: './www' }" },
      'src/pages/api/smtpeter.ts',
      'www/api',
    ],
    [
      'remix',
      { ...remix, 'vite.config.ts': "export default defineConfig({ publicDir: 'www' });" },
      'app/routes/api.x.ts',
      'www/api',
    ],
  ])('%s: a configured public directory', async (_, files, handler, at) => {
    project({ ...files, [handler]: '' });
    expect(shown(await place(handler)).at).toBe(at);
  });

  it('a public directory that only running the configuration tells is a question', async () => {
    project({ ...astro, 'astro.config.mjs': 'export default { publicDir: process.env.WWW }', 'src/pages/x.ts': '' });
    const error = await failure(place('src/pages/x.ts'));
    expect(error).toMatchObject({ exitCode: 2, code: 'ERR_UNSURE_DIRECTORY' });
    expect(error.fields['candidates']).toEqual([{ directory: join(folder, 'public'), why: expect.any(String) }]);
  });

  it.each([
    [next, 'app/api/[tenant]/smtpeter/route.ts', '/api/acme/smtpeter', 'public/api/acme'],
    [next, 'pages/api/[...all].ts', '/api/a/b/smtpeter', 'public/api/a/b'],
    [next, 'app/api/[[...all]]/route.ts', '/api/smtpeter', 'public/api'],
    [svelte, 'src/routes/[[lang]]/hooks/+server.ts', '/nl/hooks', 'static/nl'],
    [remix, 'app/routes/hooks.$id.ts', '/hooks/smtpeter', 'public/hooks'],
    [reactRouter, 'app/hooks/smtpeter.ts', '/anything/smtpeter', 'public/anything'],
    [nuxt, 'server/middleware/smtpeter.ts', '/hooks/smtpeter', 'public/hooks'],
    [
      { 'package.json': packageJson({ nuxt: '^2.17.0' }), 'static/': '' },
      'api/smtpeter.js',
      '/api/smtpeter',
      'static/api',
    ],
  ])('a route that does not tell its URL needs it: %#', async (files, handler, path, at) => {
    project({ ...files, [handler]: '' });
    expect(await failure(place(handler))).toMatchObject({ exitCode: 2, code: 'ERR_URL_NEEDED' });
    expect(shown(await place(handler, { url: `https://example.com${path}` })).at).toBe(at);
  });

  it('a URL that contradicts the route is a question, and both places are named', async () => {
    project({ ...next, 'app/api/smtpeter/route.ts': '' });
    const error = await failure(place('app/api/smtpeter/route.ts', { url: 'https://example.com/docs/api/smtpeter' }));
    expect(error).toMatchObject({ exitCode: 2, code: 'ERR_URL_CONTRADICTS' });
    const candidates = error.fields['candidates'] as { directory: string }[];
    expect(candidates.map((one) => relative(folder, one.directory))).toEqual(['public/api', 'public/docs/api']);
  });

  it('a URL that ends in a slash is its own directory', async () => {
    project({ ...next, 'app/api/smtpeter/route.ts': '' });
    const found = shown(await place('app/api/smtpeter/route.ts', { url: 'https://example.com/api/smtpeter/' }));
    expect(found).toMatchObject({ at: 'public/api/smtpeter', url: 'https://example.com/api/smtpeter/smtpeter-a.txt' });
  });

  it.each([
    [
      'laravel',
      { artisan: '', 'composer.json': '{"require":{"laravel/framework":"^11.0"}}', 'public/index.php': '' },
      'app/Http/Controllers/SmtpeterController.php',
      'public',
    ],
    ['laravel', { artisan: '', 'composer.json': '{}', 'public/index.php': '' }, 'routes/web.php', 'public'],
    [
      'symfony',
      {
        'symfony.lock': '{}',
        'composer.json': '{"require":{"symfony/framework-bundle":"7.*"}}',
        'public/index.php': '',
      },
      'src/Controller/SmtpeterController.php',
      'public',
    ],
    [
      'symfony',
      {
        'composer.json': '{"require":{"symfony/framework-bundle":"7.*"},"extra":{"public-dir":"www/"}}',
        'www/index.php': '',
      },
      'src/Controller/A.php',
      'www',
    ],
    [
      'symfony',
      { 'composer.json': '{"require":{"symfony/symfony":"3.4.*"}}', 'web/app.php': '' },
      'src/AppBundle/Controller/A.php',
      'web',
    ],
    [
      'rails',
      { 'config/application.rb': '', 'bin/rails': '', Gemfile: '', 'public/': '' },
      'app/controllers/hooks_controller.rb',
      'public',
    ],
  ])('%s: the public directory itself, at the root: %#', async (id, files, handler, at) => {
    project({ ...files, [handler]: '' });
    const found = shown(await place(handler, { url: 'https://example.com/hooks/smtpeter' }));
    expect(found).toMatchObject({ at, rule: id, rebuild: false, url: 'https://example.com/smtpeter-a.txt' });
  });

  it.each([
    [{ 'index.php': '' }, 'hooks/smtpeter.php', 'hooks'],
    [{ artisan: '', 'public/index.php': '' }, 'public/hooks/smtpeter.php', 'public/hooks'],
    [{ 'composer.json': '{}', 'public/index.php': '' }, 'public/smtpeter.php', 'public'],
    [{ 'wp-config.php': '', 'index.php': '' }, 'wp-content/plugins/mail/hook.php', 'wp-content/plugins/mail'],
    [{}, 'site/smtpeter.html', 'site'],
  ])('a classic script: its own directory: %#', async (files, handler, at) => {
    project({ ...files, [handler]: '<?php' });
    expect(shown(await place(handler))).toMatchObject({ at, rule: 'classic-script', warnings: 0, url: null });
  });

  it('a classic script and its URL tell the web root', async () => {
    project({ 'html/dir/script.php': '' });
    const url = 'https://example.com/dir/script.php';
    expect(shown(await place('html/dir/script.php', { url }))).toMatchObject({
      at: 'html/dir',
      url: 'https://example.com/dir/smtpeter-a.txt',
    });
    expect(shown(await place('html/dir/script.php', { url, root: true }))).toMatchObject({
      at: 'html',
      url: 'https://example.com/smtpeter-a.txt',
    });
    expect(await failure(place('html/dir/script.php', { root: true }))).toMatchObject({ exitCode: 2 });
    expect(await failure(place('html/dir/script.php', { url: 'https://example.com/dir/script/' }))).toMatchObject({
      code: 'ERR_URL_CONTRADICTS',
    });
    expect(shown(await place('html/dir/script.php', { url: 'https://example.com/other/script' })).warnings).toBe(1);
  });

  it('a cgi-bin is warned about, and the root suggested', async () => {
    project({ 'cgi-bin/hook': '#!/bin/sh' });
    const found = await place('cgi-bin/hook');
    expect(found.warnings.join()).toContain('--root');
  });
});

describe('a handler that uses the middleware', () => {
  const files = { 'package.json': packageJson({ express: '5.0.0' }), 'verification/': '' };
  const app = (value: string) =>
    `import { webhooks } from '@smtpeter-webhooks/express';\n// verificationFiles: 'no'\napp.use(webhooks({ id: 'environment-1', url: 'https://example.com/hooks/smtpeter', verificationFiles: ${value}, on: {} }));\n`;

  it.each([
    ["'./verification'", 'server.js', 'verification'],
    ["'verification'", 'src/server.js', 'verification'],
    ["new URL('./files/', import.meta.url)", 'src/server.js', 'src/files'],
    ["fileURLToPath(new URL('../verification', import.meta.url))", 'src/server.js', 'verification'],
    ["path.join(__dirname, 'files')", 'src/server.cjs', 'src/files'],
    ["join(__dirname, '..', 'verification')", 'src/server.js', 'verification'],
    ["path.resolve(import.meta.dirname, 'files')", 'src/server.mjs', 'src/files'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ['`${import.meta.dirname}/files`', 'src/server.js', 'src/files'],
    ["__dirname + '/files'", 'src/server.js', 'src/files'],
    ["path.join(process.cwd(), 'verification')", 'src/server.js', 'verification'],
  ])('%s in %s', async (value, handler, at) => {
    project({ ...files, [handler]: app(value) });
    const found = shown(await place(handler));
    expect(found).toMatchObject({
      at,
      rule: 'middleware',
      warnings: 0,
      url: 'https://example.com/hooks/smtpeter-a.txt',
    });
    expect(shown(await place(handler, { root: true })).url).toBe('https://example.com/smtpeter-a.txt');
  });

  it('a variable, also written short', async () => {
    project({
      ...files,
      'a.js': `const verificationFiles = './verification';\nwebhooks({ id, verificationFiles });`,
      'b.js': `const dir = path.join(__dirname, 'verification');\n${app('dir')}`,
    });
    expect(shown(await place('a.js')).at).toBe('verification');
    expect(shown(await place('b.js')).at).toBe('verification');
  });

  it('TypeScript means the compiled module, with a warning', async () => {
    project({
      ...files,
      'tsconfig.json': '{ // build\n "compilerOptions": { "outDir": "dist", "rootDir": "src", }, }',
      'src/server.ts': app("new URL('./files', import.meta.url)"),
    });
    expect(shown(await place('src/server.ts'))).toMatchObject({ at: 'dist/files', warnings: 1 });
    project({ 'src/server.ts': app("new URL('../verification', import.meta.url)") });
    expect(shown(await place('src/server.ts'))).toMatchObject({ at: 'verification', warnings: 0 });
    project({
      'tsconfig.json': '{"compilerOptions":{"noEmit":true}}',
      'src/server.ts': app("new URL('./files', import.meta.url)"),
    });
    expect(shown(await place('src/server.ts'))).toMatchObject({ at: 'src/files', warnings: 0 });
  });

  it('a compiled place that nothing tells is a question with both', async () => {
    project({
      ...files,
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
      'src/server.ts': app('import.meta.dirname'),
    });
    const error = await failure(place('src/server.ts'));
    expect(error).toMatchObject({ exitCode: 2, code: 'ERR_UNSURE_DIRECTORY' });
    expect(
      (error.fields['candidates'] as { directory: string }[]).map((one) => relative(folder, one.directory)),
    ).toEqual(['dist/src', 'dist']);
    project({ 'dist/server.js': '' });
    expect(shown(await place('src/server.ts')).at).toBe('dist');
  });

  it.each([['process.env.FILES'], ["{ 'smtpeter-a.txt': 'x' }"], ['files()'], ["path.join(base(), 'x')"]])(
    '%s is a question',
    async (value) => {
      project({ ...files, 'server.js': app(value) });
      expect(await failure(place('server.js'))).toMatchObject({ exitCode: 2 });
    },
  );
});

describe('sources that nothing serves', () => {
  it.each([
    [{ 'package.json': packageJson({ express: '5.0.0' }) }, 'src/server.ts', "app.use(express.static('public'))"],
    [{ 'package.json': packageJson({ '@smtpeter-webhooks/express': '0.1.0' }) }, 'server.js', 'webhooks({ id, url })'],
    [{ 'composer.json': '{}', 'public/index.php': '' }, 'src/Hook.php', '<?php'],
    [{ 'composer.json': '{}', 'public/index.php': '' }, 'public/index.php', '<?php'],
    [{ 'composer.json': '{}' }, 'src/Hook.php', '<?php\nnamespace App;\nfinal class Hook {}'],
    [{}, 'app.py', 'from flask import Flask'],
    [{ 'package.json': packageJson({ next: '15.0.0' }) }, 'lib/smtpeter.ts', ''],
  ])('%#: exit 2, and what to do', async (files, handler, text) => {
    project({ ...files, [handler]: text });
    const error = await failure(place(handler));
    expect(error).toMatchObject({ exitCode: 2, code: 'ERR_NOT_SERVED' });
    expect(error.hint).toMatch(/verificationFiles|--webroot|--directory/);
  });

  it('names what express.static serves', async () => {
    project({
      'package.json': packageJson({ express: '5.0.0' }),
      'src/server.ts': "app.use(express.static('public'));",
    });
    const error = await failure(place('src/server.ts'));
    expect(error.fields['candidates']).toEqual([{ directory: join(folder, 'public'), why: expect.any(String) }]);
  });
});
