import { describe, expect, it } from 'vitest';
import { HeaderLayout } from './header-layout.js';
import { HeaderLayout as LeanLayout } from './header-layout-lean.js';
import { HeaderLines, trimSpace } from './header-lines.js';

describe.each([HeaderLayout, LeanLayout])('the value of a header', (Layout) => {
  const lines = ['Host', ' example.com\t', 'X-Empty', '', 'Date', 'a', 'DATE', 'b', 'X-Last', 'c'];
  const subject = new HeaderLines(lines, new Layout(lines) as HeaderLayout);

  it('is found in any case of its name, without the white space around it', () => {
    expect(subject.get('host')).toBe('example.com');
    expect(subject.get('x-empty')).toBe('');
    expect(subject.get('x-last')).toBe('c');
    expect(subject.one('x-last')).toBe('c');
  });

  it('is none when the header came twice or not at all', () => {
    expect(subject.get('date')).toBeNull();
    expect(subject.get('digest')).toBeUndefined();
    expect([subject.one('date'), subject.one('digest')]).toEqual(['', '']);
  });

  it('is never one that did not come, behind a name that stands alone', () => {
    const odd = ['Host', 'example.com', 'Date'];
    expect(new HeaderLines(odd, new Layout(odd) as HeaderLayout).one('date')).toBe('');
  });
});

it.each([
  ['', ''],
  [' ', ''],
  ['\t \t', ''],
  ['a', 'a'],
  [' a', 'a'],
  ['a\t', 'a'],
  [' \ta b\t ', 'a b'],
  ['\na\r\n', '\na\r\n'],
  ['\u00a0a\u00a0', '\u00a0a\u00a0'],
])('of %j white space leaves %j', (text, expected) => {
  expect(trimSpace(text)).toBe(expected);
});
