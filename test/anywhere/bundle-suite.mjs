// Makes one function of a test file and everything of ours that it imports, to be evaluated wherever there is JavaScript.
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { importsFromSource } from '../imports-from-source.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const builtin = new Set(builtinModules);
const marked = 'outside:';

/**
 * @param file - the test file, within the repository.
 * @param options - `conditions` that the runtime has, which choose among the twins of a package's `imports`; `whole` to
 *   have packages of others inside, too, for a runtime without a way to load them; `place`, where the
 *   repository's files are to be found on the runtime (where they are); `plugins` of rolldown that come first.
 * @returns `{ code, needs }`: the text of an ES module that exports the `name` of the file and, as its default, an async
 *   function. It takes a function that gives the module of each name in `needs`, as `require` does; `vitest` is among
 *   them.
 */
export async function bundleSuite(
  file,
  { conditions = ['node', 'import'], whole = false, place = root, plugins = [] } = {},
) {
  const needs = new Set();
  const bundle = await rolldown({
    input: resolve(root, file),
    platform: 'neutral',
    resolve: { conditionNames: [...conditions, 'import', 'default'], mainFields: ['module', 'main'] },
    plugins: [...plugins, importsFromSource(conditions), outside(needs, whole), placeOfModules(place)],
    logLevel: 'silent',
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
    if (output.length !== 1) throw new Error(`${file} came to ${output.length} files.`);
    const code = output[0].code.replace(/\nexport \{\s*\};?\s*$/, '\n');
    const name = `export const name = ${JSON.stringify(file)};`;
    return { code: `${name}\nexport default async (outside) => {\n${code}\n};\n`, needs: [...needs] };
  } finally {
    await bundle.close();
  }
}

/** What is not bundled is asked for by name, when a module that imports it is evaluated. */
const outside = (needs, whole) => ({
  name: 'outside',
  resolveId(id, importer) {
    if (id.startsWith('.') || id.startsWith('/') || id.startsWith('#')) return undefined;
    const isBuiltin = id.startsWith('node:') || builtin.has(id);
    const isOurs = id.startsWith('@smtpeter-webhooks/');
    const stays = id === 'vitest' || isBuiltin || (!whole && !isOurs);
    if (!stays || importer === undefined) return undefined;
    const name = isBuiltin && !id.startsWith('node:') ? `node:${id}` : id;
    needs.add(name);
    return `\0${marked}${name}`;
  },
  load(id) {
    if (!id.startsWith(`\0${marked}`)) return undefined;
    return { code: `module.exports = outside(${JSON.stringify(id.slice(marked.length + 1))});`, moduleType: 'js' };
  },
});

/** A module knows where it lies in the repository, not where the bundle does. */
const placeOfModules = (place) => ({
  name: 'place-of-modules',
  transform(code, id) {
    if (!code.includes('import.meta') || !existsSync(id)) return undefined;
    const filename = join(place, relative(root, id));
    const known = { url: pathToFileURL(filename).href, filename, dirname: dirname(filename) };
    return code.replaceAll(/import\.meta\.(url|filename|dirname)/g, (_, what) => JSON.stringify(known[what]));
  },
});
