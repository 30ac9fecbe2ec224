import { relative, resolve, sep } from 'node:path';
import { moduleDirectory } from './compiled-directory.js';
import { readDirectory } from './directory-expression.js';
import { type Beside, type Layout, question } from './layout.js';
import type { Project } from './project.js';
import { literalOf, propertyValues, type ScriptText, scriptText } from './script-text.js';

const WHY = 'the middleware serves this directory (verificationFiles) beside the callback URL, and at the root';

/** A handler that uses our middleware, and says where its verification files are. */
export const middleware: Layout = {
  id: 'middleware',
  match(project) {
    if (!project.isScript || !project.hasFile('package.json')) return undefined;
    const text = scriptText(project.source);
    const values = propertyValues(text, 'verificationFiles');
    if (values.length === 0) return undefined;
    const found = new Map(values.map((value) => placeOf(project, text, value)).map((one) => [one.directory, one]));
    const [first, ...others] = found.values();
    if (first === undefined) return undefined;
    if (others.length > 0) {
      throw question(
        'ERR_UNSURE_DIRECTORY',
        `${project.handler} has several verificationFiles.`,
        'Say which one: --directory <directory>.',
        [...found.keys()].map((directory) => ({ directory, why: 'one of its verificationFiles' })),
      );
    }
    return { ...first, url: urlOf(text) };
  },
};

function placeOf(project: Project, text: ScriptText, value: string): Beside {
  if (value.startsWith('{')) {
    throw question(
      'ERR_FILES_IN_CODE',
      `${project.handler} has its verification files in the code ({ name: contents }).`,
      'Add the name and the contents of the file there, and deploy.',
    );
  }
  const expression = readDirectory(text, value);
  if (expression === undefined) {
    throw question(
      'ERR_UNSURE_DIRECTORY',
      `${project.handler} says verificationFiles: ${value.slice(0, 120)}, which cannot be read without running it.`,
      'Name the directory: --directory <directory>.',
    );
  }
  if (expression.from === 'root') {
    return { kind: 'beside', directory: resolve(project.root, expression.path), why: WHY, warnings: [] };
  }
  const { directory, output } = moduleDirectory(project);
  const place = resolve(directory, expression.path);
  const inOutput = output !== undefined && !`${relative(output, place)}${sep}`.startsWith(`..${sep}`);
  const warnings = inOutput ? [`${place} is made by the compiler: a clean build removes what is placed there.`] : [];
  return { kind: 'beside', directory: place, why: WHY, warnings };
}

/** The callback URL, when there is one and it is a plain text. */
function urlOf(text: ScriptText): string | undefined {
  const urls = propertyValues(text, 'url').map(literalOf);
  const [only] = urls;
  return urls.length === 1 && only !== undefined && URL.canParse(only) && /^https?:/.test(only) ? only : undefined;
}

/** JavaScript of other kinds: what answers the calls is not what serves files. */
export const unservedScript: Layout = {
  id: 'unserved',
  match(project) {
    if (!project.isScript || !project.hasFile('package.json')) return undefined;
    const text = scriptText(project.source);
    const served = [...text.code.matchAll(/\bexpress\.static\(/g)].flatMap(({ index }) => {
      const argument = /^express\.static\(([^,)]*)/.exec(text.plain.slice(index, index + 200).split('\n')[0] ?? '');
      const expression = readDirectory(text, argument?.[1] ?? '');
      if (expression === undefined || expression.from === 'module') return [];
      return [{ directory: resolve(project.root, expression.path), why: 'express.static serves it' }];
    });
    throw question(
      'ERR_NOT_SERVED',
      `${project.handler} is code: nothing serves the directory that it is in.`,
      "Add verificationFiles: './verification' to webhooks({ … }), make that directory at the root of the package, and run this again; or name a directory that is served: --directory <directory>.",
      served,
    );
  },
};
