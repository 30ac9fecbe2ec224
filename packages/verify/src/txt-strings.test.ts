import { describe, expect, it } from 'vitest';
import { joinStrings } from './txt-strings.js';

const full = 'a'.repeat(255);

describe('the strings of TXT records', () => {
  it('are joined record by record', () => {
    expect(joinStrings([[full, 'b'], ['c'], []], false)).toEqual([`${full}b`, 'c', '']);
    expect(joinStrings([[full], ['b']], false)).toEqual([full, 'b']);
  });

  it('that a runtime gives as records of their own go on after a full one', () => {
    expect(joinStrings([[full], ['b'], ['c'], [full], [full], ['d']], true)).toEqual([
      `${full}b`,
      'c',
      `${full}${full}d`,
    ]);
    expect(joinStrings([[full]], true)).toEqual([full]);
    expect(joinStrings([], true)).toEqual([]);
  });

  it('are taken as records when any record has several: then the runtime tells them apart', () => {
    expect(joinStrings([[full], ['b', 'c']], true)).toEqual([full, 'bc']);
  });
});
