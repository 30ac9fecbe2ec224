import { readFileSync } from 'node:fs';

/**
 * Beside a source its test gets sources alone: what the `imports` of a package name is built, and a second copy of it would
 * have classes and memories of its own. It goes by the importer's folder, so that a copy of the repository gets its own.
 */
export const importsFromSource = {
  name: 'imports-from-source',
  enforce: 'pre' as const,
  resolveId(id: string, importer: string | undefined) {
    const folder = id.startsWith('#') ? importer?.match(/^.*\/packages\/[a-z]+(?=\/src\/)/)?.[0] : undefined;
    if (folder === undefined) return undefined;
    const { imports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const built: string = imports[id].node ?? imports[id].default;
    return `${folder}/${built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`;
  },
};
