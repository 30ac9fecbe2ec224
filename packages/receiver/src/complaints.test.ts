import { describe, expect, it } from 'vitest';
import { describeError } from './complaints.js';

describe('what a log says of an error', () => {
  it('is its name and its message', () => {
    expect(describeError(new TypeError('no such row'))).toBe('TypeError: no such row');
    expect(describeError(7)).toBe('a thrown number');
  });

  it.each([
    ['whose name is a symbol', Object.assign(new Error('away'), { name: Symbol('name') })],
    [
      'whose message throws',
      Object.defineProperty(new Error(), 'message', {
        get: () => {
          throw new Error('trap');
        },
      }),
    ],
  ])('is something of one %s, too: a claim would not be released otherwise', (_, error) => {
    expect(describeError(error)).toBe('an error that cannot be described');
  });
});
