import { describe, expect, it } from 'vitest';
import { HeaderLayout } from './header-layout.js';

const lines = ['Host', 'a', 'Date', 'b', 'date', 'c', 'X-Last', 'd'];

describe('a layout finds a line by its name', () => {
  const layout = new HeaderLayout(lines);

  it('in lower case', () => {
    expect([layout.lineOf('host'), layout.lineOf('x-last')]).toEqual([0, 3]);
    expect([layout.lineOf('Host'), layout.lineOf('digest')]).toEqual([undefined, undefined]);
  });

  it('when it came once', () => {
    expect(layout.lineOf('date')).toBeNull();
  });

  it.each([3, 200])('among %i lines, of which one came three times', (count) => {
    const many = Array.from({ length: count }, (_, i) => [i % Math.ceil(count / 3) === 0 ? 'Thrice' : `X-${i}`, 'v']);
    const layout = new HeaderLayout(many.flat());
    expect(layout.lineOf('thrice')).toBeNull();
    expect(layout.lineOf(`x-${count - 1}`)).toBe(count === 3 ? undefined : count - 1);
    expect(layout.lineOf('absent')).toBeUndefined();
  });
});

describe('a layout fits', () => {
  const layout = new HeaderLayout(lines);

  it('lines of the very same names, whatever their values', () => {
    expect(layout.fits(lines.map((text, i) => (i % 2 === 0 ? text : 'another')))).toBe(true);
  });

  it.each([
    ['one name is spelled in another way', lines.with(0, 'host')],
    ['the last name is another', lines.with(6, 'X-Other')],
    ['two stand in another order', [...lines.slice(2), ...lines.slice(0, 2)]],
    ['there is one line more', [...lines, 'X-More', 'e']],
    ['there is one line less', lines.slice(0, -2)],
    ['there are none', []],
  ])('no others: %s', (_, others) => {
    expect(layout.fits(others)).toBe(false);
  });
});

it('a name that stands alone at the end is no header', () => {
  expect(new HeaderLayout([...lines, 'X-Alone']).lineOf('x-alone')).toBeUndefined();
});

it('a name that is not even a text is an empty one', () => {
  const holes = ['Host', 'a', undefined as unknown as string, 'b'];
  expect([new HeaderLayout(holes).lineOf('host'), new HeaderLayout(holes).lineOf('')]).toEqual([0, 1]);
});
