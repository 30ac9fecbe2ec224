import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pack, packageNames, root, run } from '../packages/packed.js';

/** Unpacks our packages, as they would be published, where the projects of this run see them. */
export default function setUp(): void {
  const folder = join(root, 'test/platforms/.run');
  rmSync(folder, { recursive: true, force: true });
  const tarballs = pack(join(folder, 'tarballs'), packageNames);
  for (const [name, tarball] of tarballs) {
    const target = join(folder, 'node_modules/@smtpeter-webhooks', name);
    mkdirSync(target, { recursive: true });
    run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], folder);
  }
}
