import { describe, expect, it } from 'vitest';
import { type FormName, FormNames } from './form-names.js';
import { Unescaper } from './form-octets.js';

/** A body, and a way to read and to guess the names in it. */
function open(text: string, names = new FormNames()) {
  const body = new TextEncoder().encode(text);
  const octets = new Uint8Array(body.length);
  const reader = new Unescaper(body, octets);
  return {
    read: (from = 0, previous?: FormName) => names.read(body, from, previous, octets, reader),
    expected: (from = 0, previous?: FormName) => names.expected(body, from, previous),
    reader,
  };
}

describe('a name is remembered', () => {
  it('and worked out once, wherever it stands', () => {
    const names = new FormNames();
    const first = open('a%5Bb%5D=1', names).read();
    expect(first).toMatchObject({ text: 'a[b]', path: ['a', 'b'], problems: [] });
    expect(first.raw).toEqual(new TextEncoder().encode('a%5Bb%5D'));
    expect(open('x=1&a%5Bb%5D&y', names).read(4)).toBe(first);
    expect(open('a[b]=1', names).read()).not.toBe(first);
  });

  it('up to 192 octets', () => {
    for (const [length, same] of [
      [192, true],
      [193, false],
    ] as const) {
      const names = new FormNames();
      const at = open(`x=1&${'n'.repeat(length)}=1`, names);
      const name = at.read(4);
      expect(name === at.read(4)).toBe(same);
      expect(name.text).toHaveLength(length);
    }
  });

  it('with 4096 of them at the most: the ones that came later are read anew each time', () => {
    const names = new FormNames();
    const all = Array.from({ length: 4096 }, (_, i) => open(`n${i}=`, names).read());
    const late = open('late=', names);
    expect(late.read()).not.toBe(late.read());
    expect(late.read().text).toBe('late');
    for (const [i, name] of all.entries()) expect(open(`n${i}=`, names).read()).toBe(name);
  });

  it('and writes nothing of itself where the octets of values go', () => {
    const { read, reader } = open('name=1');
    read();
    expect(reader.at).toBe(0);
  });
});

describe('a name is expected', () => {
  const names = new FormNames();
  const a = open('a=1&bc=2', names).read(0);
  const bc = open('a=1&bc=2', names).read(4, a);

  it('where it stood the last time', () => {
    const again = open('a=3&bc=4', names);
    expect(again.expected(0)).toBe(a);
    expect(again.expected(4, a)).toBe(bc);
  });

  it.each(['b=1', 'ab=1', 'a&', 'a', '', 'A=1'])('and not taken for another one: %j', (text) => {
    expect(open(text, names).expected(0)).toBeUndefined();
  });

  it('nowhere before anything was read, and behind none that was the last', () => {
    expect(open('a=1').expected(0)).toBeUndefined();
    expect(open('a=1&bc=2&d=3', names).expected(9, bc)).toBeUndefined();
  });

  it('in its own place only', () => {
    expect(open('bc=1', names).expected(0)).toBeUndefined();
    expect(open('x=1&bd=2', names).expected(4, a)).toBeUndefined();
    expect(open('x=1&cc=2', names).expected(4, a)).toBeUndefined();
  });
});
