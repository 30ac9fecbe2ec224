import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Beside a source its test gets sources alone: what the `imports` of a package name is built, and a second copy of it
 * would have classes and memories of its own. It goes by the importer's folder, so that a copy of the repository gets
 * its own.
 *
 * @param conditions - those of a runtime, which choose among the twins of a package's `imports`.
 */
export const importsFromSource = (conditions = ['node']) => ({
  name: 'imports-from-source',
  enforce: 'pre',
  resolveId(id, importer) {
    const folder = id.startsWith('#') ? importer?.match(/^.*\/packages\/[a-z]+(?=\/src\/)/)?.[0] : undefined;
    if (folder === undefined) return undefined;
    const choices = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).imports[id];
    const [, built] = Object.entries(choices).find(([name]) => name === 'default' || conditions.includes(name));
    return join(folder, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
  },
});
