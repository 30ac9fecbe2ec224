// The API reference, out of the packages' doc comments: npm run docs:api writes it to docs/.site/api.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../..', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));
const imported = (name) => {
  const { exports } = JSON.parse(readFileSync(path(`packages/${name}/package.json`), 'utf8'));
  return Object.values(exports).some((target) => typeof target === 'object' && 'types' in target);
};

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'smtpeter-webhooks',
  entryPointStrategy: 'packages',
  entryPoints: readdirSync(path('packages'))
    .filter(imported)
    .map((name) => path(`packages/${name}`)),
  out: path('docs/.site/api'),
  readme: 'none',
  includeVersion: true,
  hideGenerator: true,
  disableGit: true,
  sourceLinkTemplate: 'https://github.com/smtpeter-webhooks/smtpeter-webhooks/blob/main/{path}#L{line}',
  gitRevision: 'main',
  treatWarningsAsErrors: true,
  packageOptions: {
    entryPointStrategy: 'resolve',
    readme: 'none',
    excludePrivate: true,
    validation: { notExported: false, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ['Enum', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
  },
};
