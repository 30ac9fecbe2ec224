import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, pack, packageNames, root, run } from './packed.js';
import { nodes, tool } from './tools.js';

const outside = emptyFolder();
afterAll(outside.remove);
const tarballs = pack(join(outside.folder, 'tarballs'));
const node = nodes['22'] ?? process.execPath;

describe.each(packageNames)('%s', (name) => {
  it('has a manifest that publint finds nothing to say about', () => {
    const said = run(node, [tool('publint/src/cli.js'), '--strict', tarballs.get(name) ?? ''], root);
    expect(said).toMatch(/All good/);
  });

  // The command line package has nothing to import.
  if (name === 'cli') return;
  it('has types that agree with the code, by attw', () => {
    const attw = tool('@arethetypeswrong/cli/dist/index.js');
    run(node, [attw, '--profile', 'esm-only', '--format', 'ascii', tarballs.get(name) ?? ''], root);
  });
});

it('the workspace has no unused file, export or dependency, by knip', () => {
  expect(run(node, [tool('knip/bin/knip.js'), '--no-progress', '--no-config-hints'], root).trim()).toBe('');
});
