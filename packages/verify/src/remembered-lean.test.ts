import { expect, it } from 'vitest';
import { Remembered } from './remembered-lean.js';

it('a Worker remembers nothing, and reads each layout anew', () => {
  const subject = new Remembered();
  const lines = ['Host', 'a', 'Date', 'b'];
  const layout = subject.layoutOf(lines);
  expect(layout.lineOf('date')).toBe(1);
  subject.keep();
  expect(subject.layoutOf(lines)).not.toBe(layout);
  expect([subject.frames, subject.lastDate]).toEqual([[], undefined]);
});
