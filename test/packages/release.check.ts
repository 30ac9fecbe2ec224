import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { emptyFolder, type Manifest, packageNames, root, run } from './packed.js';
import { tool } from './tools.js';

/** A copy of what git knows, so that a release can be rehearsed. */
const outside = emptyFolder();
afterAll(outside.remove);
const { folder } = outside;
const files = run('git', ['ls-files', '-co', '--exclude-standard'], root).split('\n');
for (const file of files.filter((one) => one !== '')) cpSync(join(root, file), join(folder, file), { recursive: true });
for (const name of packageNames)
  cpSync(join(root, `packages/${name}/dist`), join(folder, `packages/${name}/dist`), { recursive: true });
run('git', ['init', '-q', '-b', 'main'], folder);

const manifestIn = (name: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8'));

it('a changeset raises all packages to one version, what they ask of each other too, and tells why', () => {
  const before = manifestIn('verify').version;
  writeFileSync(
    join(folder, '.changeset/rehearsal.md'),
    "---\n'@smtpeter-webhooks/verify': minor\n---\n\nRefuse what was not refused before.\n",
  );
  run(process.execPath, [tool('@changesets/cli/bin.js'), 'version'], folder);
  const [major = '', minor = ''] = before.split('.');
  const after = `${major}.${Number(minor) + 1}.0`;
  for (const name of packageNames) {
    const { version, dependencies = {} } = manifestIn(name);
    expect(version, name).toBe(after);
    for (const [dependency, range] of Object.entries(dependencies)) {
      if (dependency.startsWith('@smtpeter-webhooks/')) expect(range, `${name} asks for ${dependency}`).toBe(after);
    }
  }
  const changelog = readFileSync(join(folder, 'packages/verify/CHANGELOG.md'), 'utf8');
  expect(changelog).toContain(`## ${after}`);
  expect(changelog).toContain('Refuse what was not refused before.');
});

it('every package can be published, as far as a dry run tells', () => {
  const said = run('npm', ['publish', '--workspaces', '--dry-run', '--json', '--provenance=false'], folder);
  for (const name of packageNames) expect(said).toContain(`@smtpeter-webhooks/${name}`);
});
