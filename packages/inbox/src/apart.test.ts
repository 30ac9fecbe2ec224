import { expect, it } from 'vitest';
import { apart } from './apart.js';
import { InboxError } from './errors.js';

it('keeps what spoils a commit from the others, whose results stay in their places', async () => {
  const turns: number[] = [];
  const run = async (items: readonly number[]) => {
    turns.push(items.length);
    if (items.some((item) => item === 3 || item === 12)) throw new InboxError('ERR_INBOX_FAILED');
    return items.map((item) => item * 2);
  };
  const results = await apart(
    Array.from({ length: 16 }, (_, i) => i),
    run,
  );
  results.forEach((result, i) => {
    if (i === 3 || i === 12) expect(result).toMatchObject({ code: 'ERR_INBOX_FAILED' });
    else expect(result).toBe(i * 2);
  });
  expect(turns.length).toBeLessThan(18);
});

it('does not try again what the database cannot do for any', async () => {
  let turns = 0;
  const full = new InboxError('ERR_INBOX_FULL');
  const run = () => {
    turns++;
    return Promise.reject(full);
  };
  await expect(apart([1, 2, 3], run)).rejects.toBe(full);
  expect(turns).toBe(1);
});
