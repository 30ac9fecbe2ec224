import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callBoth, startExample, startVendorDns } from '../examples/example.testing.js';
import { allDoors } from '../packages/expected-answers.js';
import { root, run } from '../packages/packed.js';
import { bin, copyOfExample, here, passed, versionOf } from './platform.js';

let dns: Awaited<ReturnType<typeof startVendorDns>>;
beforeAll(async () => {
  dns = await startVendorDns();
});
afterAll(() => dns.close());

const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;
const denoRun = ['run', '-A', '--quiet', '--no-lock', '--node-modules-dir=manual'];
const runtimes: Record<string, { readonly program: string; readonly args: string[]; readonly from: string }> = {
  'Node.js 20': { program: bin.node20, args: [], from: 'node20' },
  'Node.js 22': { program: bin.node22, args: [], from: 'node22' },
  'Node.js 24': { program: bin.node24, args: [], from: 'node24' },
  Deno: { program: bin.deno, args: denoRun, from: '@deno/linux-x64-glibc' },
  Bun: { program: bin.bun, args: [], from: '@oven/bun-linux-x64' },
};

describe.each(Object.entries(runtimes))('%s', (name, { program, args, from }) => {
  const version = versionOf(from);
  const absent = version === undefined || !existsSync(program);

  it.skipIf(absent)(
    `verify, events, Express, node:http and Fetch doors${absent ? ' (could not be fetched)' : ''}`,
    () => {
      const folder = join(here, '.run');
      for (const file of readdirSync(join(root, 'test/packages/fixtures'))) {
        copyFileSync(join(root, 'test/packages/fixtures', file), join(folder, file));
      }
      expect(JSON.parse(run(program, [...args, 'use.mjs'], folder))).toEqual(allDoors);
      passed({
        platform: name,
        version: version ?? '',
        door: 'express, receiver/node, receiver/fetch, verify, events',
      });
    },
  );
});

const servers = [
  {
    example: 'bun',
    platform: 'Bun.serve',
    from: '@oven/bun-linux-x64',
    command: [bin.bun, '--preload', preload, 'server.js'],
  },
  {
    example: 'deno',
    platform: 'Deno.serve',
    from: '@deno/linux-x64-glibc',
    command: [bin.deno, ...denoRun, '--preload', preload, 'server.js'],
  },
  {
    example: 'hono',
    platform: 'Hono on Node.js',
    from: 'hono',
    command: [bin.node24, '--import', preload, 'server.js'],
  },
  { example: 'hono', platform: 'Hono on Bun', from: 'hono', command: [bin.bun, '--preload', preload, 'server.js'] },
  {
    example: 'hono',
    platform: 'Hono on Deno',
    from: 'hono',
    command: [bin.deno, ...denoRun, '--preload', preload, 'server.js'],
  },
  { example: 'koa', platform: 'Koa', from: 'koa', command: [bin.node24, '--import', preload, 'server.js'] },
  { example: 'fastify', platform: 'Fastify', from: 'fastify', command: [bin.node24, '--import', preload, 'server.js'] },
  { example: 'express', platform: 'Express', from: 'express', command: [bin.node24, '--import', preload, 'server.js'] },
  {
    example: 'nestjs',
    platform: 'NestJS',
    from: '@nestjs/core',
    command: [bin.node24, '--import', preload, 'server.js'],
  },
];
const doors: Record<string, string> = {
  koa: 'receiver/node',
  fastify: 'fastify',
  express: 'express',
  nestjs: 'express',
};

/** The ways to have Nest's body parsers beside the receiver: not at all until it stands, or with the raw body kept. */
const nestForms = {
  'with rawBody': 'rawBody: true',
  'with its parsers as they are': 'cors: false',
};

const controller = `class Other {
  answer(request) {
    return { body: request.body, raw: request.rawBody?.toString() };
  }
}
Controller('other')(Other);
Post()(Other.prototype, 'answer', Object.getOwnPropertyDescriptor(Other.prototype, 'answer'));
Req()(Other.prototype, 'answer', 0);
Module({ controllers: [Other] })(AppModule);`;

describe.each(Object.entries(nestForms))('NestJS %s', (form, option) => {
  const absent = versionOf('@nestjs/core') === undefined;

  it.skipIf(absent)(
    `takes calls before its parsers, which the rest still has${absent ? ' (could not be fetched)' : ''}`,
    async () => {
      const cwd = copyOfExample('nestjs', `nestjs-${form.replaceAll(' ', '-')}`);
      const file = join(cwd, 'server.js');
      const code = readFileSync(file, 'utf8')
        .replace('bodyParser: false', option)
        .replace(/^app\.useBodyParser.*\n/gm, '')
        .replace('import { Module }', 'import { Controller, Module, Post, Req }')
        .replace('Module({})(AppModule);', controller);
      writeFileSync(file, code);
      const running = await startExample({ dns, cwd, command: [bin.node24, '--import', preload, 'server.js'] });
      try {
        expect(await callBoth(running.to), running.output()).toEqual([200, 401]);
        const headers = { 'content-type': 'application/json' };
        const other = await fetch(`${running.to}/other`, { method: 'POST', headers, body: '{"a": 1}' });
        expect(await other.json()).toEqual({
          body: { a: 1 },
          ...(option.startsWith('rawBody') && { raw: '{"a": 1}' }),
        });
      } finally {
        await running.stop();
      }
    },
  );
});

describe.each(servers)('$platform', ({ example, platform, from, command }) => {
  const version = versionOf(from);
  const absent = version === undefined || !existsSync(command[0] ?? '');

  it.skipIf(absent)(`one genuine call, one forgery${absent ? ' (could not be fetched)' : ''}`, async () => {
    const cwd = copyOfExample(example, platform.replaceAll(/[^a-z]/gi, '-').toLowerCase());
    const running = await startExample({ dns, cwd, command });
    try {
      expect(await callBoth(running.to), running.output()).toEqual([200, 401]);
      await running.printed(/open \S+@/);
    } finally {
      await running.stop();
    }
    passed({ platform, version: version ?? '', door: doors[example] ?? 'receiver/fetch' });
  });
});
