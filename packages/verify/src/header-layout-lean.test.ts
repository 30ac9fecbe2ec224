import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HeaderLayout } from './header-layout.js';
import { HeaderLayout as Lean } from './header-layout-lean.js';

it('the layout of a Worker finds the lines that the other finds', () => {
  const name = fc.constantFrom('Host', 'host', 'DATE', 'Date', 'Digest');
  const lines = fc.array(fc.tuple(name, fc.string({ maxLength: 3 })), { maxLength: 6 });
  fc.assert(
    fc.property(lines, (pairs) => {
      const full = new HeaderLayout(pairs.flat());
      const lean = new Lean(pairs.flat());
      for (const one of ['host', 'date', 'digest', 'absent']) expect(lean.lineOf(one)).toBe(full.lineOf(one));
    }),
  );
});
