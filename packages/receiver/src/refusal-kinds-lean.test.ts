import { expect, it } from 'vitest';
import { refusals } from './refusal-kinds.js';
import { refusals as lean } from './refusal-kinds-lean.js';
import { warnings } from './warning-texts.js';
import { warnings as leanWarnings } from './warning-texts-lean.js';

const statuses = (table: Readonly<Record<string, { readonly status: number }>>) =>
  Object.fromEntries(Object.entries(table).map(([code, { status }]) => [code, status]));

it('the table of a Worker has the same codes and statuses, and says something of each', () => {
  expect(statuses(lean)).toEqual(statuses(refusals));
  expect(lean.ERR_BODY_TOO_LARGE).toEqual({
    status: 413,
    meaning: 'body too large.',
    remedy: 'see docs/errors.md',
  });
  const { WARN_VERIFICATION_FILES_ROUTE: _, ...possible } = warnings;
  expect(Object.keys(leanWarnings)).toEqual(Object.keys(possible));
});
