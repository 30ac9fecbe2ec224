/** With more lines than this a look through all of them for each name would cost more than an index. */
const INDEX_FROM = 64;

/**
 * Which header stands where among the lines of a call. Calls that came by the same way are alike in it, so that one
 * layout serves them all.
 */
export class HeaderLayout {
  /** As they came. */
  readonly #spelled: string[] = [];
  /** In lower case. */
  readonly #names: string[] = [];
  #index: Map<string, number | null> | undefined;

  /** @param lines - alternating names and values, as in {@link RequestHead.headers}. */
  constructor(lines: readonly string[]) {
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const name = lines[i] ?? '';
      this.#spelled.push(name);
      this.#names.push(name.toLowerCase());
    }
    if (this.#names.length > INDEX_FROM) this.prepare();
  }

  /** Whether lines have the very same names in the same order. */
  fits(lines: readonly string[]): boolean {
    const spelled = this.#spelled;
    if (lines.length !== 2 * spelled.length) return false;
    for (let i = 0; i < spelled.length; i++) if (lines[2 * i] !== spelled[i]) return false;
    return true;
  }

  /** Makes every later look fast; for one that will serve more calls. */
  prepare(): void {
    if (this.#index !== undefined) return;
    const index = new Map<string, number | null>();
    this.#names.forEach((name, i) => {
      index.set(name, index.has(name) ? null : i);
    });
    this.#index = index;
  }

  /**
   * The line of a header, counted from 0; null when it came more than once, undefined when not at all.
   *
   * @param name - in lower case.
   */
  lineOf(name: string): number | null | undefined {
    if (this.#index !== undefined) return this.#index.get(name);
    const first = this.#names.indexOf(name);
    if (first === -1) return undefined;
    return this.#names.indexOf(name, first + 1) === -1 ? first : null;
  }
}
