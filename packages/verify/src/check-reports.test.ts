import { expect, it } from 'vitest';
import { reporting } from './check-reports.js';
import { bodyChecks, headChecks } from './checks.js';

it('says of every check what holds when it passes, and of nothing else', () => {
  const ids = [...headChecks, ...bodyChecks].map((check) => check.id);
  expect(Object.keys(reporting)).toEqual(ids);
});
