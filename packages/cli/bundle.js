// The last step of `npm run build`: the command line as a few files, in the format that Node starts fastest, since every
// ES module of a start costs. What the manifest lists as installed with the package stays outside; all else, commander
// for one, is taken in, with its licence.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(here('package.json'), 'utf8'));
const installed = Object.keys({ ...dependencies, ...optionalDependencies });

/** What is loaded together. The rest is divided by the commands that need it. */
const groups = [
  // Every start: the program, the options of all commands, and what most of them share.
  { name: 'start', priority: 2, test: /src[\\/][^\\/]+\.ts$|[\\/]command\.ts$|node_modules/ },
  // `place` is run by hand, with someone waiting; only its questions on a terminal are apart.
  { name: 'place', priority: 1, test: /src[\\/](files|place)[\\/](?!ask|find-)/ },
];

empty();
if (!process.argv.includes('--clean')) await bundle();

function empty() {
  for (const file of existsSync(here('dist')) ? readdirSync(here('dist')) : []) {
    rmSync(here(`dist/${file}`), { recursive: true });
  }
}

async function bundle() {
  const bundled = await rolldown({
    input: { main: here('src/main.ts') },
    platform: 'node',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    external: (id) => id.startsWith('node:') || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    onLog: (level, log) => {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const { output } = await bundled.write({
    dir: here('dist'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    sourcemap: true,
    chunkFileNames: '[name].cjs',
    codeSplitting: { groups },
  });
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  writeFileSync(here('dist/licences.txt'), licencesOf(modules));
}

/** The licences of the packages that these modules are from, whole, as they ask for. */
function licencesOf(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(72)}\n\n`);
}
