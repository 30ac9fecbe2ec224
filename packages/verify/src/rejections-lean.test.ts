import { expect, it } from 'vitest';
import { rejections } from './rejections.js';
import { rejections as lean } from './rejections-lean.js';

const statuses = (table: Readonly<Record<string, { readonly status: number }>>) =>
  Object.fromEntries(Object.entries(table).map(([code, { status }]) => [code, status]));

it('the table of a Worker has the same codes and statuses, and says something of each', () => {
  expect(statuses(lean)).toEqual(statuses(rejections));
  expect(lean.ERR_HOST_MISMATCH).toEqual({
    status: 421,
    meaning: 'host mismatch.',
    remedy: 'see docs/errors.md',
  });
});
