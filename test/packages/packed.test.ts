import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allDoors } from './expected-answers.js';
import { contentsOf, emptyFolder, manifestOf, pack, packageNames, root, run, unpackInto } from './packed.js';

const outside = emptyFolder();
afterAll(outside.remove);
const tarballs = pack(join(outside.folder, 'tarballs'));
const fixtures = join(root, 'test/packages/fixtures');

describe.each(packageNames)('the tarball of %s', (name) => {
  const contents = contentsOf(tarballs.get(name) ?? '');

  it('holds README, licence and what its exports and commands name', () => {
    expect(contents).toContain('README.md');
    expect(contents).toContain('LICENSE');
    const named = JSON.stringify(manifestOf(name)).match(/(?<=")(?:\.\/)?(?:dist|bin)\/[^"*]+(?=")/g) ?? [];
    for (const file of named) expect(contents).toContain(file.replace('./', ''));
  });

  it('holds no tests and nothing of the build', () => {
    expect(contents.filter((file) => /\.(test|testing)\.|tsbuildinfo|^src\/|\.log$/.test(file))).toEqual([]);
  });

  it('has source maps that lead somewhere: the sources are in them', () => {
    const folder = join(root, 'packages', name, 'dist');
    const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.map'));
    for (const map of maps) {
      const { sourcesContent } = JSON.parse(readFileSync(join(folder, map), 'utf8'));
      expect(sourcesContent?.[0], map).toEqual(expect.any(String));
    }
    expect(contents.filter((file) => file.endsWith('.d.ts.map'))).toEqual([]);
  });
});

it('the tarball of cli holds the licences of what was taken into it', () => {
  const tarball = tarballs.get('cli') ?? '';
  const text = execFileSync('tar', ['-xzOf', tarball, 'package/dist/licences.txt'], { encoding: 'utf8' });
  const { devDependencies = {} } = manifestOf('cli');
  for (const [name, version] of Object.entries(devDependencies)) expect(text).toContain(`${name} ${version}\n\n`);
  expect(text.match(/copyright \(c\)/gi)?.length).toBeGreaterThanOrEqual(Object.keys(devDependencies).length);
});

describe.each(packageNames)('the manifest of %s', (name) => {
  const manifest = manifestOf(name);

  it('says what a registry shows', () => {
    expect(manifest).toMatchObject({
      name: `@smtpeter-webhooks/${name}`,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.stringMatching(/.{20}/),
      keywords: expect.arrayContaining(['smtpeter', 'copernica', 'webhooks']),
      repository: { type: 'git', directory: `packages/${name}` },
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public', provenance: true },
    });
    expect(readFileSync(join(root, 'packages', name, 'LICENSE'), 'utf8')).toBe(
      readFileSync(join(root, 'LICENSE'), 'utf8'),
    );
  });

  it('runs nothing at installation', () => {
    const scripts = Object.keys(manifest.scripts ?? {});
    expect(scripts.filter((script) => /^(pre|post)?(install|prepare)$/.test(script))).toEqual([]);
  });

  it('exports by name only, types first', () => {
    for (const [path, target] of Object.entries(manifest.exports)) {
      expect(path).not.toContain('*');
      if (typeof target === 'string') expect(target).toBe('./package.json');
      else expect(Object.keys(target as object)[0], `${path}: types come first`).toBe('types');
    }
  });
});

describe('in a project outside the workspace', () => {
  unpackInto(outside.folder, tarballs);
  for (const file of readdirSync(fixtures)) copyFileSync(join(fixtures, file), join(outside.folder, file));

  it.each(['use.mjs', 'use.cjs'])('%s runs', (file) => {
    expect(JSON.parse(run(process.execPath, [file], outside.folder))).toEqual(allDoors);
  });

  it('no inner file can be imported', () => {
    writeFileSync(join(outside.folder, 'deep.mjs'), "await import('@smtpeter-webhooks/verify/dist/checks.js');\n");
    expect(() => run(process.execPath, ['deep.mjs'], outside.folder)).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it.each([
    ['nodenext', true],
    ['bundler', false],
  ] as const)('typed.ts compiles with moduleResolution %s, strict %s', (moduleResolution, strict) => {
    const file = `tsconfig.${moduleResolution}.json`;
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
    const compilerOptions = { module, moduleResolution, strict, target: 'es2022', noEmit: true, types: ['node'] };
    writeFileSync(join(outside.folder, file), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
    expect(existsSync(join(outside.folder, 'node_modules/@smtpeter-webhooks/express/dist/index.d.ts'))).toBe(true);
    expect(run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', file], outside.folder)).toBe('');
  });
});
