import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, installInto, pack, packageNames, root, run } from './packed.js';

/*
 * What an installation and a Worker cost. The figures stand in docs/deployment-sizes.md, and may drift by a twentieth
 * before this fails; UPDATE_SIZES=1 writes them anew.
 */
const page = join(root, 'docs/deployment-sizes.md');
const outside = emptyFolder();
afterAll(outside.remove);
const { folder } = outside;
installInto(folder, pack(join(folder, 'tarballs')));

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}
const locked: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync(join(folder, 'package-lock.json'), 'utf8'),
).packages;

/** Where npm put what `name` gets, as seen from `from`: the nearest node_modules up the way. */
function place(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (locked[candidate] !== undefined) return candidate;
    if (at === '') return undefined;
  }
}

/** Everything that comes with a package; its peers are the user's own. */
function installedWith(name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string | undefined) => {
    if (path === undefined || found.has(path)) return;
    found.add(path);
    for (const dependency of Object.keys(locked[path]?.dependencies ?? {})) visit(place(dependency, path));
  };
  visit(place(name, ''));
  return found;
}

function bytesOf(path: string): number {
  let sum = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && !entry.parentPath.slice(path.length).includes('node_modules'))
      sum += statSync(join(entry.parentPath, entry.name)).size;
  }
  return sum;
}

const worker = join(root, 'test/packages/worker');
for (const file of ['worker.js', 'worker-pinned.js', 'verify.js']) copyFileSync(join(worker, file), join(folder, file));
const bundles: Record<string, { readonly minified: number; readonly gzip: number }> = JSON.parse(
  run(process.execPath, [join(worker, 'bundle.mjs'), folder], folder),
);

describe('what users install', () => {
  it('has no install script, direct or not', () => {
    const withScripts = packageNames
      .flatMap((name) => [...installedWith(`@smtpeter-webhooks/${name}`)])
      .filter((path) => locked[path]?.hasInstallScript === true);
    expect(withScripts).toEqual([]);
  });
});

describe('a bundle for a Worker', () => {
  it.each([
    ['the whole receiver with the Fetch door', 'worker-pinned', 24_400],
    ['the same with keys over HTTPS, their cache and limits', 'worker', 28_900],
    ['the verification alone', 'verify', 11_700],
  ])('of %s keeps to its size (gzip), tweetnacl aside', (_, name, most) => {
    expect(bundles[`${name} esbuild`]?.gzip).toBeLessThanOrEqual(most);
    expect(bundles[`${name} rollup`]?.gzip).toBeLessThanOrEqual(most);
  });
});

describe('docs/deployment-sizes.md', () => {
  const kB = (bytes: number) => (bytes / 1000).toFixed(1);
  const parts: Readonly<Record<string, string>> = {
    'worker-pinned': 'whole receiver with the Fetch door, pinned keys',
    worker: 'the same with dohKeys()',
    verify: 'verification alone',
  };
  const rows = [
    ...packageNames.map((name) => {
      const paths = [...installedWith(`@smtpeter-webhooks/${name}`)];
      const bytes = paths.reduce((sum, path) => sum + bytesOf(join(folder, path)), 0);
      return [`\`@smtpeter-webhooks/${name}\` installed`, `${paths.length} packages`, `${kB(bytes)} kB`];
    }),
    ...Object.entries(bundles).map(([name, { minified, gzip }]) => {
      const [what = '', by = ''] = name.split(' ');
      return [`Worker, ${parts[what]}, ${by}`, `${kB(minified)} kB minified`, `${kB(gzip)} kB gzip`];
    }),
  ];

  it('says what is measured', () => {
    const text = readFileSync(page, 'utf8');
    const table = ['| What | | |', '| --- | --: | --: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
    if (process.env['UPDATE_SIZES'] !== undefined) {
      writeFileSync(page, text.replace(/(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/, `$1\n${table}\n\n$2`));
    }
    const said = new Map(
      [...readFileSync(page, 'utf8').matchAll(/^\| (.+?) +\| +(.+?) +\| +(.+?) +\|$/gm)].map((match) => [
        match[1],
        match,
      ]),
    );
    for (const [what = '', ...figures] of rows) {
      figures.forEach((figure, i) => {
        const written = Number.parseFloat(said.get(what)?.[i + 2] ?? 'NaN');
        const measured = Number.parseFloat(figure);
        const by = `${what}: ${written} is written, ${measured} is measured`;
        expect(Math.abs(measured - written) / measured, by).toBeLessThan(0.05);
      });
    }
  });
});
