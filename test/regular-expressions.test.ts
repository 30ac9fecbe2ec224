import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
// Its entry starts a worker for each question; the bundle answers at once.
import { checkSync } from 'recheck/lib/browser.js';
import ts from 'typescript';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

interface Found {
  readonly where: string;
  readonly expression: string;
}

/** Every regular expression of a source, and every place where one is made of something that is not one. */
function expressionsIn(file: string, text: string): { literals: Found[]; made: Found[] } {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const literals: Found[] = [];
  const made: Found[] = [];
  const found = (node: ts.Node): Found => ({
    where: `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
    expression: node.getText(),
  });
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(found(node));
    if (ts.isIdentifier(node) && node.text === 'RegExp' && !ts.isTypeReferenceNode(node.parent))
      made.push(found(node.parent));
    // String.prototype.match and its like make an expression of a text.
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [argument] = node.arguments;
      const takesExpression = ['match', 'matchAll', 'search'].includes(node.expression.name.text);
      if (takesExpression && argument !== undefined && ts.isStringLiteralLike(argument)) made.push(found(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { literals, made };
}

/** `linear`, `constant`, or why it is neither. Only the automaton proves; a fuzzer could merely find nothing. */
function judge(expression: string): string {
  const end = expression.lastIndexOf('/');
  const result = checkSync(expression.slice(1, end), expression.slice(end + 1), {
    checker: 'automaton',
    timeout: 120_000,
  });
  if (result.status === 'unknown') return `not proved: ${result.error.kind}`;
  return result.status === 'safe' ? result.complexity.type : `${result.complexity.summary}: ${result.attack.pattern}`;
}

const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[a-z]+\/src\/.*\.ts$/.test(file) && !/\.(test|testing)\.ts$/.test(file))
  .map((file) => expressionsIn(file, readFileSync(join(packages, file), 'utf8')));

it('makes no regular expression while it runs: what is not written down cannot be proved', () => {
  expect(sources.flatMap(({ made }) => made)).toEqual([]);
});

// A prover at work: some 75 seconds of one core, more where others want it too.
it('takes linear time for every regular expression of every package', { timeout: 600_000 }, () => {
  const literals = sources.flatMap(({ literals: some }) => some);
  const verdicts = new Map<string, string>();
  for (const { expression } of literals) {
    if (!verdicts.has(expression)) verdicts.set(expression, judge(expression));
  }
  const others = literals.flatMap(({ where, expression }) => {
    const verdict = verdicts.get(expression) ?? '';
    return ['linear', 'safe'].includes(verdict) ? [] : [{ where, expression, verdict }];
  });
  expect(others).toEqual([]);
  expect(literals.length).toBeGreaterThan(200);
});

it('would see what is quadratic, exponential, or made of a text', () => {
  expect(judge(String.raw`/\s+$/`)).toContain('2nd degree polynomial');
  expect(judge('/^(a+)+$/')).toContain('exponential');
  const planted = expressionsIn('planted.ts', 'const a = new RegExp(b); c.match("d"); const e = /f/g; RegExp("h");');
  expect(planted.literals.map(({ expression }) => expression)).toEqual(['/f/g']);
  expect(planted.made).toHaveLength(3);
});
