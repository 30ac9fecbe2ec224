/**
 * Which header stands where among the lines of a call. Calls that came by the same way are alike in it, so that one
 * layout serves them all.
 */
export class HeaderLayout {
  /** As they came. */
  readonly #spelled: string[] = [];
  /** By name in lower case. An index, since a stranger decides how many lines there are and how many of them are looked up. */
  readonly #lines = new Map<string, number | null>();

  /** @param lines - alternating names and values, as in {@link RequestHead.headers}. */
  constructor(lines: readonly string[]) {
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const spelled = lines[i] ?? '';
      const name = spelled.toLowerCase();
      this.#lines.set(name, this.#lines.has(name) ? null : this.#spelled.length);
      this.#spelled.push(spelled);
    }
  }

  /** Whether lines have the very same names in the same order. */
  fits(lines: readonly string[]): boolean {
    const spelled = this.#spelled;
    return lines.length === 2 * spelled.length && spelled.every((name, i) => lines[2 * i] === name);
  }

  /**
   * The line of a header, counted from 0; null when it came more than once, undefined when not at all.
   *
   * @param name - in lower case.
   */
  lineOf(name: string): number | null | undefined {
    return this.#lines.get(name);
  }
}
