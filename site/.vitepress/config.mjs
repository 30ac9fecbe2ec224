// The documentation as a site, made of the very files that are read in the repository: npm run docs:site.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf, siteLink } from './links.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const repository = 'https://github.com/smtpeter-webhooks/smtpeter-webhooks';
const item = (text, link) => ({ text, link });
const examples = {
  Doors: ['express', 'express-behind-nginx', 'fastify', 'node', 'koa', 'nestjs', 'plain'],
  Fetch: ['fetch', 'hono', 'next', 'react-router', 'sveltekit', 'astro', 'bun', 'deno', 'cloudflare-worker', 'lambda'],
  Tasks: ['postgresql-events', 'suppress-bounces', 'sync-profiles', 'forward-to-queue', 'opens-per-hour'],
};
const packages = ['express', 'fastify', 'receiver', 'inbox', 'verify', 'events', 'sender', 'cli'];

export default defineConfig({
  title: 'smtpeter-webhooks',
  description: 'Receive the webhooks of SMTPeter and Copernica Marketing Suite: only genuine calls, as typed events.',
  srcDir: root,
  srcExclude: [
    '**/node_modules/**',
    '.changeset/**',
    'bench/**',
    'test/**',
    'site/**',
    '**/.run/**',
    'packages/cli/examples/**',
  ],
  outDir: `${root}/docs/.site`,
  cacheDir: `${root}/site/node_modules/.cache`,
  cleanUrls: true,
  rewrites: {
    'README.md': 'index.md',
    'packages/:name/README.md': 'packages/:name/index.md',
    'examples/:name/README.md': 'examples/:name/index.md',
  },
  markdown: {
    languageAlias: { caddy: 'nginx' },
    anchor: { slugify: anchorOf },
    toc: { slugify: anchorOf },
    config(markdown) {
      const usual = markdown.normalizeLink;
      let page = '';
      markdown.normalizeLink = (href) => usual(siteLink(href, page, { root, repository }));
      const { parse } = markdown;
      markdown.parse = (source, environment) => {
        page = environment?.realPath ?? environment?.relativePath ?? page;
        page = page.startsWith('/') ? page.slice(root.length) : page;
        return parse.call(markdown, source, environment);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    nav: [
      item('Quick start', '/docs/quick-start'),
      item('Examples', '/examples/express/'),
      { text: 'API', link: '/api/index.html', target: '_self' },
      item('Changes', '/CHANGELOG'),
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          item('What it is', '/'),
          item('Quick start', '/docs/quick-start'),
          item('The first five minutes', '/docs/first-five-minutes'),
          item('Verify the address', '/docs/verify-the-address'),
          item('Moving from PHP', '/docs/moving-from-php'),
        ],
      },
      {
        text: 'Build',
        items: [
          item('Ways in', '/docs/ways-in'),
          item('Events', '/docs/events'),
          item('Inbox', '/docs/inbox'),
          item('Testing your handlers', '/docs/testing-your-handlers'),
        ],
      },
      {
        text: 'Run',
        items: [
          item('Proxies and tunnels', '/docs/proxies'),
          item('Operations', '/docs/operations'),
          item('Deployment sizes', '/docs/deployment-sizes'),
          item('Why was it refused?', '/docs/why-refused'),
          item('Errors', '/docs/errors'),
          item('Command line', '/docs/cli'),
        ],
      },
      {
        text: 'Understand',
        items: [
          item('How it works', '/docs/how-it-works'),
          item('Architecture', '/ARCHITECTURE'),
          item('Security', '/SECURITY'),
          item('Performance', '/docs/performance'),
          item('Contributing', '/CONTRIBUTING'),
        ],
      },
      { text: 'Packages', collapsed: true, items: packages.map((name) => item(name, `/packages/${name}/`)) },
      ...Object.entries(examples).map(([text, names]) => ({
        text: `Examples: ${text.toLowerCase()}`,
        collapsed: true,
        items: names.map((name) => item(name, `/examples/${name}/`)),
      })),
    ],
  },
});
