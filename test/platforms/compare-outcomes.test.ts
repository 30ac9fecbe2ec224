import { expect, it } from 'vitest';
import type { Outcome } from '../anywhere/run-suites.mjs';
import { compareOutcomes } from './compare-outcomes.js';

const file = 'one.test.ts';
const passed = (name: string): Outcome => ({ file, name, status: 'passed' });
const failed = (name: string): Outcome => ({ file, name, status: 'failed', error: 'Error: no' });
const skipped = (name: string): Outcome => ({ file, name, status: 'skipped' });
const reference = [passed('a'), passed('b'), passed('b'), skipped('c')];
const list = (...tests: string[]) => [{ file, tests, why: 'so it is' }];

it('nothing is wrong where all that passed passes, but for what is listed', () => {
  expect(compareOutcomes(reference, reference, [])).toEqual([]);
  expect(compareOutcomes(reference, [failed('a'), passed('b'), passed('b'), skipped('c')], list('a'))).toEqual([]);
  expect(compareOutcomes(reference, [skipped('a'), passed('b'), failed('b')], list('a', 'b'))).toEqual([]);
  expect(compareOutcomes(reference, [passed('b'), passed('b')], list('a'))).toEqual([]);
  expect(compareOutcomes(reference, [], [{ file, why: 'a whole file' }])).toEqual([]);
});

it.each<[string, readonly Outcome[], readonly string[], readonly string[]]>([
  ['a failure', [failed('a'), passed('b'), passed('b')], [], ['Error: no: one.test.ts | a']],
  ['what did not run', [passed('b'), passed('b')], [], ['0 of 1 ran: one.test.ts | a']],
  ['one of two of a name', [passed('a'), passed('b')], [], ['1 of 2 ran: one.test.ts | b']],
  ['a listed test that passes', reference, ['a'], ['passes, and is listed: one.test.ts | a']],
  ['a listed test that is none', reference, ['x'], ['listed, and no test: one.test.ts | x']],
  ['a hook that fails', [...reference, failed('')], [], ['Error: no: one.test.ts | ']],
  ['a test that the reference has not', [...reference, passed('x')], [], ['ran here alone: one.test.ts | x']],
])('%s is told', (_, outcomes, listed, wrong) => {
  expect(compareOutcomes(reference, outcomes, list(...listed))).toEqual(wrong);
});
