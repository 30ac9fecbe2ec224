// The suites of test files, bundled once and evaluated anew for each run in this very process: some milliseconds a run,
// where a worker of vitest takes a second.
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { startTests } from '@vitest/runner';
import { rolldown } from 'rolldown';

const vitest = fileURLToPath(new URL('stand-in-for-vitest.mjs', import.meta.url));

/** What is tested comes from its sources, which hold the mutants; all else as it is installed or built. */
function fromSource(root) {
  const ours = { '@smtpeter-webhooks/verify': 'verify', '@smtpeter-webhooks/events': 'events' };
  return {
    name: 'from-source',
    resolveId(id, importer) {
      if (id === 'vitest') return { id: vitest, external: true };
      if (ours[id] !== undefined) return join(root, 'packages', ours[id], 'src/index.ts');
      if (id.startsWith('#')) {
        const folder = importer.match(/^.*\/packages\/[a-z]+(?=\/src\/)/)[0];
        const { imports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
        const built = imports[id].node ?? imports[id].default;
        return `${folder}/${built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`;
      }
      if (!id.startsWith('.') && !id.startsWith('/')) return { id, external: true };
      if (importer !== undefined && id.endsWith('.js')) return join(dirname(importer), id.replace(/\.js$/, '.ts'));
      return undefined;
    },
    transform(code, id) {
      return code.includes('import.meta.url')
        ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        : undefined;
    },
  };
}

/** What rolldown writes of an import, one a line, as a statement of a function. */
function importAsStatement(_, names, from) {
  const module = `await $import(${from})`;
  if (names === undefined) return `${module};`;
  const [, whole, one, list] = names.match(/^(?:\* as (\w+)|([\w$]+))?,? ?(\{.*\})?$/);
  const parts = [...(list ? [list.replaceAll(' as ', ': ').slice(1, -1)] : []), ...(one ? [`default: ${one}`] : [])];
  return whole ? `const ${whole} = ${module};` : `const { ${parts.join(', ')} } = ${module};`;
}

const made = new Map();

/** Key pairs take the most time: what a file asks for first in one run, it gets again as its first in the next. */
function keyPairs() {
  const asked = new Map();
  return (...args) => {
    const what = JSON.stringify(args);
    const times = asked.get(what) ?? 0;
    asked.set(what, times + 1);
    const key = `${times} ${what}`;
    if (!made.has(key)) made.set(key, generateKeyPairSync(...args));
    return made.get(key);
  };
}

async function bundle(root, file) {
  const built = await rolldown({ input: file, platform: 'node', plugins: [fromSource(root)], logLevel: 'silent' });
  const { output } = await built.generate({ format: 'es', codeSplitting: false });
  await built.close();
  const body = output[0].code
    .replaceAll(/^import (?:(.*?) from )?(".*?");$/gm, importAsStatement)
    .replaceAll(/^export \{.*?\};$/gms, '');
  const script = new Script(`(async ($import) => {${body}\n})`, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return () => {
    const generateKeyPairSync = keyPairs();
    const load = async (id) =>
      id === 'node:crypto' ? { ...(await import(id)), generateKeyPairSync } : await import(id);
    return script.runInThisContext()(load);
  };
}

const config = (root) => ({
  root,
  setupFiles: [],
  name: undefined,
  passWithNoTests: true,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 1,
  testTimeout: 20_000,
  hookTimeout: 20_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
});

export async function loadSuites(root, files) {
  const suites = new Map();
  for (const file of files) suites.set(file, await bundle(root, file));
  return {
    /** Runs those tests of a file that `wanted` names, or all; `observer` is told before and after each. */
    async run(file, observer, wanted) {
      const results = [];
      const runner = {
        config: config(root),
        importFile: () => suites.get(file)(),
        onCollected([collected]) {
          const visit = (task, path) => {
            const name = path === undefined ? task.name : `${path} > ${task.name}`;
            if (task.type === 'test') {
              task.fullId = name;
              if (wanted !== undefined && !wanted.has(name)) task.mode = 'skip';
              return;
            }
            for (const one of task.tasks) visit(one, name);
          };
          for (const task of collected.tasks) visit(task);
          observer.collected?.();
        },
        onBeforeRunTask(test) {
          if (observer.enough?.()) test.mode = 'skip';
          else observer.before?.(test.fullId);
        },
        onAfterRunTask(test) {
          const { state, errors, duration } = test.result ?? { state: 'skip' };
          results.push({ name: test.fullId, state, error: errors?.[0]?.message, duration });
          observer.after?.(test.fullId, state);
        },
      };
      const [{ result }] = await startTests([file], runner);
      if (result?.errors?.length > 0)
        results.push({ name: '', state: 'fail', error: result.errors[0].message, duration: 0 });
      return results;
    },
  };
}

export function testFilesIn(root, folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(root, folder, name)),
  );
}
