import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { manifestOf, packageNames } from '../packages/packed.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The declarations behind each path that packages export. */
const entries = packageNames.flatMap((name) =>
  Object.entries(manifestOf(name).exports).flatMap(([path, target]) => {
    const types = typeof target === 'object' && target !== null && 'types' in target ? String(target.types) : undefined;
    return types === undefined ? [] : [{ path: join(name, path), file: join(root, 'packages', name, types) }];
  }),
);
const program = ts.createProgram(
  entries.map(({ file }) => file),
  { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], noEmit: true },
);
const checker = program.getTypeChecker();

describe.each(entries)('what $path exports', ({ file }) => {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const names = module === undefined ? [] : checker.getExportsOfModule(module);

  it('is documented, name by name', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !isDocumented(name)).map((name) => name.name)).toEqual([]);
  });
});

function isDocumented(name: ts.Symbol): boolean {
  const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
  return ts.displayPartsToString(target.getDocumentationComment(checker)).trim() !== '';
}
