import type { Outcome } from '../anywhere/run-suites.mjs';

/** What a runtime cannot do, and why: tests by their exact names, or a file that is not run there at all. */
export interface Exception {
  readonly file: string;
  readonly tests?: readonly string[];
  /** The tests do harm there to others, or take too long, and are not run. */
  readonly leftOut?: true;
  readonly why: string;
}

const nameOf = ({ file, name }: Outcome) => `${file} | ${name}`;

/** Several tests may have one name. */
function byName(outcomes: readonly Outcome[]): Map<string, Outcome[]> {
  const found = new Map<string, Outcome[]>();
  for (const one of outcomes) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one]);
  return found;
}

/**
 * Compares what a runtime did with the same tests on Node.js 20, name by name: a test that passes there must pass here,
 * unless it is listed; and one that is listed must not pass.
 *
 * @returns what is wrong, a line each.
 */
export function compareOutcomes(
  reference: readonly Outcome[],
  outcomes: readonly Outcome[],
  exceptions: readonly Exception[],
): string[] {
  const left = new Set(exceptions.filter(({ tests }) => tests === undefined).map(({ file }) => file));
  const listed = new Set(exceptions.flatMap(({ file, tests = [] }) => tests.map((name) => `${file} | ${name}`)));
  const expected = byName(reference.filter(({ file, status }) => status === 'passed' && !left.has(file)));
  const found = byName(outcomes);
  const wrong: string[] = [];
  for (const [name, { length }] of expected) {
    const ran = found.get(name) ?? [];
    const holds = ran.length === length && ran.every(({ status }) => status === 'passed');
    if (holds && listed.has(name)) wrong.push(`passes, and is listed: ${name}`);
    if (holds || listed.has(name)) continue;
    const failed = ran.find(({ status }) => status === 'failed');
    wrong.push(`${failed?.error ?? `${ran.length} of ${length} ran`}: ${name}`);
  }
  for (const name of listed) if (!expected.has(name)) wrong.push(`listed, and no test: ${name}`);
  const known = byName(reference);
  for (const { status, error, ...one } of outcomes) {
    const name = nameOf({ status, ...one });
    if (status === 'failed' && !expected.has(name)) wrong.push(`${error}: ${name}`);
    else if (!known.has(name)) wrong.push(`ran here alone: ${name}`);
  }
  return wrong;
}
