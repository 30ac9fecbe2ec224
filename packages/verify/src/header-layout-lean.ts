import type { HeaderLayout as Full } from './header-layout.js';

/** Which header stands where among the lines of one call. */
export class HeaderLayout implements Pick<Full, 'lineOf'> {
  readonly #names: readonly string[];

  constructor(lines: readonly string[]) {
    this.#names = lines.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  }

  readonly lineOf: Full['lineOf'] = (name) => {
    const line = this.#names.indexOf(name);
    if (line < 0) return undefined;
    return this.#names.includes(name, line + 1) ? null : line;
  };
}
