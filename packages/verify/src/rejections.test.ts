import { expect, it } from 'vitest';
import { rejections } from './rejections.js';

it.each(Object.entries(rejections))('%s says what it means, and what can be done, in whole sentences', (code, kind) => {
  expect(code).toMatch(/^ERR(?:_[A-Z]+)+$/);
  expect(kind.status).toBeGreaterThanOrEqual(401);
  expect(kind.meaning).toMatch(/^[A-Z](?:.* ){3,}.*\.$/);
  expect(kind.remedy).toMatch(/^[A-Z](?:.* ){3,}.*\.$/);
  expect(kind.remedy).not.toBe(kind.meaning);
});

it('each code has sentences of its own', () => {
  const meanings = Object.values(rejections).map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
});
