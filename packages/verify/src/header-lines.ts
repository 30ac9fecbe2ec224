/** With more lines than this a look through all of them for each name would cost more than an index. */
const INDEX_FROM = 64;

/** The header lines of a request by lower-case name. A name that came more than once has no single value. */
export class HeaderLines {
  readonly #names: string[] = [];
  readonly #lines: readonly string[];
  #index: Map<string, string | null> | undefined;

  /** @param lines - alternating names and values, as in {@link RequestHead.headers}. */
  constructor(lines: readonly string[]) {
    this.#lines = lines;
    for (let i = 0; i + 1 < lines.length; i += 2) this.#names.push((lines[i] ?? '').toLowerCase());
    if (this.#names.length > INDEX_FROM) this.#index = indexOf(this.#names, lines);
  }

  /** The value, without white space around it; null when the header came more than once; undefined when not at all. */
  get(name: string): string | null | undefined {
    const value = this.#index === undefined ? this.#find(name) : this.#index.get(name);
    return typeof value === 'string' ? trimSpace(value) : value;
  }

  #find(name: string): string | null | undefined {
    const first = this.#names.indexOf(name);
    if (first === -1) return undefined;
    return this.#names.indexOf(name, first + 1) === -1 ? (this.#lines[2 * first + 1] ?? '') : null;
  }
}

function indexOf(names: readonly string[], lines: readonly string[]): Map<string, string | null> {
  const index = new Map<string, string | null>();
  names.forEach((name, i) => {
    index.set(name, index.has(name) ? null : (lines[2 * i + 1] ?? ''));
  });
  return index;
}

/** Without the spaces and tabs at its ends: the optional white space of RFC 9110 section 5.6.3, and nothing else. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
