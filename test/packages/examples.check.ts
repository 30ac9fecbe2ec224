import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from './packed.js';

const examples = join(root, 'examples');
/** These need declarations that the root install does not have: of Bun, of Deno, of a framework. */
const elsewhere = ['bun', 'deno', 'nestjs', 'next', 'cloudflare-worker', 'lambda', 'plain'];
const files = readdirSync(examples)
  .filter((name) => !elsewhere.includes(name))
  .flatMap((name) => ['server.js', 'handler.js'].map((file) => join(examples, name, file)))
  .filter((file) => existsSync(file));

it('the examples use what the packages have: no name or field in them is unknown to the compiler', () => {
  const program = ts.createProgram(files, {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    strict: true,
    noImplicitAny: false,
    strictNullChecks: false,
    useUnknownInCatchVariables: false,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    skipLibCheck: true,
  });
  const problems = ts
    .getPreEmitDiagnostics(program)
    // The clients of databases are installed for the platforms only; a server's address may be that of a pipe.
    .filter(({ code }) => ![2307, 7016].includes(code))
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(examples.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
    .filter((line) => !/'port' does not exist on type 'string/.test(line));
  expect(files.length).toBeGreaterThan(8);
  expect(problems).toEqual([]);
});
