import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allDoors } from './expected-answers.js';
import { emptyFolder, installInto, pack, root, run } from './packed.js';
import { compilers, nodes, tool } from './tools.js';

const outside = emptyFolder();
afterAll(outside.remove);
const { folder } = outside;
installInto(folder, pack(join(folder, 'tarballs')), {
  express: '5.3.0',
  '@types/express': '5.0.6',
  '@types/node': '20.19.43',
});
const fixtures = join(root, 'test/packages/fixtures');
for (const file of readdirSync(fixtures)) copyFileSync(join(fixtures, file), join(folder, file));

describe.each(Object.entries(nodes))('Node.js %s', (_, node) => {
  it.each(['use.mjs', 'use.cjs'])('runs %s', (file) => {
    expect(JSON.parse(run(node, [file], folder))).toEqual(allDoors);
  });
});

interface Setting {
  readonly moduleResolution: 'nodenext' | 'bundler';
  readonly strict: boolean;
  readonly file: 'typed.ts' | 'typed.cts';
}

const settings: readonly Setting[] = [
  { moduleResolution: 'nodenext', strict: true, file: 'typed.ts' },
  { moduleResolution: 'nodenext', strict: false, file: 'typed.ts' },
  { moduleResolution: 'bundler', strict: true, file: 'typed.ts' },
  { moduleResolution: 'bundler', strict: false, file: 'typed.ts' },
  // Compilers before 5.8 refuse to require() an ES module.
  { moduleResolution: 'nodenext', strict: true, file: 'typed.cts' },
];

describe.each(Object.entries(compilers))('TypeScript %s', (version, compiler) => {
  const fit = settings.filter(({ file }) => file === 'typed.ts' || Number(version) >= 5.8);

  it.each(fit)('compiles $file with moduleResolution $moduleResolution, strict $strict', (setting) => {
    const { moduleResolution, strict, file } = setting;
    const project = join(folder, `ts-${version}-${moduleResolution}-${strict}-${file.split('.')[1]}`);
    mkdirSync(project);
    writeFileSync(join(project, file), readFileSync(join(fixtures, 'typed.ts')));
    const compilerOptions = {
      module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution,
      strict,
      target: 'es2022',
      types: ['node'],
      noEmit: true,
      // Our declarations are to be checked, not only what uses them.
      skipLibCheck: false,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    const problems = runCompiler(compiler, project);
    // Declarations of other packages (Node's own among them) are their authors' affair under an old compiler.
    expect(problems.filter((line) => !/node_modules\/(?!@smtpeter-webhooks)/.test(line))).toEqual([]);
  });
});

function runCompiler(compiler: string, project: string): readonly string[] {
  const script = tool(`${compiler}/bin/tsc`);
  try {
    return lines(run(process.execPath, [script, '-p', '.', '--pretty', 'false'], project));
  } catch (error) {
    return lines(error instanceof Error ? error.message : '').slice(1);
  }
}

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '' && /error/.test(line));
