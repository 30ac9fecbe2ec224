import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages/packed.js';
import { here } from './platform.js';

/** What is written into, and taken out of, the copy of an example before it is built. */
export interface Change {
  readonly files?: Readonly<Record<string, string>>;
  readonly without?: readonly string[];
  /** In the file that configures the framework: a text of the example, and what stands there instead. */
  readonly configured?: readonly [from: string, to: string];
}

/** A framework that builds an app, by its example. */
export interface Framework {
  readonly example: string;
  readonly platform: string;
  /** The package whose version the table tells, and whose `engines` say what it runs on. */
  readonly from: string;
  /** The file with the handler. */
  readonly handler: string;
  /** The file with the framework's settings. */
  readonly configuration: string;
  readonly build: readonly string[];
  readonly start: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly ready: RegExp;
  /** What every copy of the example needs to be built here. */
  readonly files?: Readonly<Record<string, string>>;
  /** It refuses forms by their Origin, unless it is told not to: the example with the settings of a new project. */
  readonly asNew?: Change;
  /** The example below `/shop`. */
  readonly belowShop: Change;
  /** Below a base path the request's URL is without it. */
  readonly baseIsHidden?: true;
  /** What it answers where the callback URL ends with a slash. */
  readonly slash: 200 | 308;
  /** It compresses answers. */
  readonly compresses?: true;
  /** The variable with its limit on bodies, which is lower than ours if it is not set. */
  readonly bodyLimit?: string;
  /** Genuine calls that cannot be verified here, by the case's name, and why; docs/ways-in.md says so, too. */
  readonly lost?: Readonly<Record<string, string>>;
}

const tool = (path: string) => join(here, 'node_modules', path);
// The root of Next.js is where node_modules are, some folders up; a user's project has its own.
const nextConfiguration = (more: string) => `export default { turbopack: { root: ${JSON.stringify(root)} }${more} };\n`;

export const frameworks: readonly Framework[] = [
  {
    example: 'next',
    platform: 'Next.js, app router',
    from: 'next',
    handler: 'app/hooks/smtpeter/route.js',
    configuration: 'next.config.mjs',
    build: [tool('next/dist/bin/next'), 'build'],
    start: [tool('next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0'],
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
    files: { 'next.config.mjs': nextConfiguration('') },
    belowShop: { files: { 'next.config.mjs': nextConfiguration(", basePath: '/shop'") } },
    baseIsHidden: true,
    slash: 308,
    compresses: true,
    lost: { 'a query with escapes': 'Next.js writes the query anew' },
  },
  {
    example: 'react-router',
    platform: 'React Router, framework mode, react-router-serve',
    from: 'react-router',
    handler: 'app/routes/smtpeter.js',
    configuration: 'react-router.config.js',
    build: [tool('@react-router/dev/bin.cjs'), 'build'],
    start: [tool('@react-router/serve/dist/cli.js'), 'build/server/index.js'],
    ready: /http:\/\/localhost:(\d+)/,
    belowShop: { files: { 'react-router.config.js': "export default { basename: '/shop' };\n" } },
    slash: 200,
    compresses: true,
  },
  {
    example: 'sveltekit',
    platform: 'SvelteKit, adapter-node',
    from: '@sveltejs/kit',
    handler: 'src/routes/hooks/smtpeter/+server.js',
    configuration: 'vite.config.js',
    build: [tool('vite/bin/vite.js'), 'build'],
    start: ['build'],
    env: { BODY_SIZE_LIMIT: '6M' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
    asNew: { configured: ["csrf: { trustedOrigins: ['*'] },", ''], without: ['src/hooks.server.js'] },
    belowShop: { configured: ['adapter: adapter(),', "adapter: adapter(), paths: { base: '/shop' },"] },
    slash: 308,
    bodyLimit: 'BODY_SIZE_LIMIT',
  },
  {
    example: 'astro',
    platform: 'Astro, @astrojs/node',
    from: 'astro',
    handler: 'src/pages/hooks/smtpeter.js',
    configuration: 'astro.config.mjs',
    build: [tool('astro/bin/astro.mjs'), 'build'],
    start: ['dist/server/entry.mjs'],
    env: { ASTRO_TELEMETRY_DISABLED: '1' },
    ready: /http:\/\/127\.0\.0\.1:(\d+)/,
    asNew: { configured: ['security: { checkOrigin: false },', ''], without: ['src/middleware.js'] },
    belowShop: { configured: ["output: 'server',", "output: 'server', base: '/shop',"] },
    slash: 200,
  },
];

/** The lines of Node.js of this install that a framework says it runs on, the oldest first. */
export function nodesFor({ from }: Framework): readonly (20 | 22 | 24)[] {
  const { engines } = JSON.parse(readFileSync(tool(`${from}/package.json`), 'utf8'));
  const oldest = Number(/^>=(\d+)/.exec(engines.node)?.[1]);
  return ([20, 22, 24] as const).filter((line) => line >= oldest);
}
