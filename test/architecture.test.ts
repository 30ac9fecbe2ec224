import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What ARCHITECTURE.md says. `node` stands for Node's own modules, which some rooms must do without. */
const mayImport: Record<string, readonly string[]> = {
  verify: ['jose', 'tweetnacl'],
  events: [],
  receiver: ['@smtpeter-webhooks/verify', '@smtpeter-webhooks/events', 'proxy-addr', 'node'],
  express: ['@smtpeter-webhooks/receiver', 'node'],
  fastify: ['@smtpeter-webhooks/receiver'],
  sender: ['dns-packet', 'fast-check', 'node'],
  // libsql and pg are optional peers, loaded only when they are asked for.
  inbox: ['@smtpeter-webhooks/receiver', '@smtpeter-webhooks/events', 'pg', 'node'],
  cli: [
    '@smtpeter-webhooks/receiver',
    '@smtpeter-webhooks/verify',
    '@smtpeter-webhooks/sender',
    '@smtpeter-webhooks/inbox',
    'commander',
    '@commander-js/extra-typings',
    'picocolors',
    'node',
  ],
};

const packages = readdirSync(join(root, 'packages'));

function sources(name: string): string[] {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(file))
    .map((file) => join(folder, file));
}

/** What a file imports when it runs; types alone cost nothing. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\s+(?!type\b)[^'";]*?from\s+'([^']+)'/gm),
    ...text.matchAll(/^\s*import\s+'([^']+)'/gm),
    ...text.matchAll(/\b(?:await|return)\s+import\('([^']+)'\)/g),
  ];
  // `#name` is a file of the package's own, chosen by the runtime.
  return found.map((match) => match[1] ?? '').filter((one) => !one.startsWith('#'));
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isNode = (specifier: string) => specifier.startsWith('node:') || builtinModules.includes(specifier);

it('every package has a row', () => {
  expect(packages.sort()).toEqual(Object.keys(mayImport).sort());
});

describe.each(packages)('%s', (name) => {
  it('imports only what it may', () => {
    const allowed = mayImport[name] ?? [];
    for (const file of sources(name)) {
      for (const specifier of imports(file).filter((one) => !one.startsWith('.'))) {
        const imported = isNode(specifier) ? 'node' : packageOf(specifier);
        expect(allowed, `${relative(root, file)} imports ${specifier}`).toContain(imported);
      }
    }
  });

  it('declares what it imports, and imports what it declares', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    // What is only a dependency of the build is taken into what is published.
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const used = new Set(
      sources(name)
        .flatMap(imports)
        .filter((one) => !one.startsWith('.') && !isNode(one))
        .map(packageOf),
    );
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => used.has(peer));
    expect([...declared, ...peers].sort()).toEqual([...used].sort());
  });

  it('has no circle among its files', () => {
    const visiting = new Set<string>();
    const done = new Set<string>();
    const visit = (file: string, way: string[]): void => {
      if (done.has(file)) return;
      expect(visiting.has(file), [...way, file].map((one) => relative(root, one)).join(' -> ')).toBe(false);
      visiting.add(file);
      for (const specifier of imports(file).filter((one) => one.startsWith('.'))) {
        visit(join(dirname(file), specifier.replace(/\.js$/, '.ts')), [...way, file]);
      }
      visiting.delete(file);
      done.add(file);
    };
    for (const file of sources(name)) visit(file, []);
    expect(done.size).toBeGreaterThan(0);
  });

  it('has an index.ts that only re-exports', () => {
    const file = join(root, 'packages', name, 'src', 'index.ts');
    if (name === 'cli') return expect(() => readFileSync(file)).toThrow();
    const statements = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .split(';')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    for (const statement of statements) expect(statement).toMatch(/^export [\s\S]*from '[^']+'$/);
  });
});

describe('the doors', () => {
  const doors = [
    ...['fetch-receiver', 'fetch-content', 'node-receiver', 'node-door', 'node-content', 'lambda-receiver'].map(
      (name) => `receiver/src/${name}`,
    ),
    ...['express/src/middleware', 'express/src/content-requests', 'fastify/src/plugin', 'fastify/src/content-requests'],
  ].map((file) => join(root, 'packages', `${file}.ts`));

  it.each(doors.map((file) => [relative(root, file), file]))('%s is thin, and has no policy of its own', (_, file) => {
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(100);
    // Nothing that verifies, parses or decides.
    const policy =
      /^@smtpeter-webhooks\/(verify|events)$|\/(steps|dispatch|admission|refusal-desk|inbox|log|rejection)\.js$/;
    expect(imports(file).filter((one) => policy.test(one))).toEqual([]);
  });
});
