/** The header lines of a request by lower-case name. A name that came more than once has no single value. */
export class HeaderLines {
  readonly #values = new Map<string, string | null>();

  /** @param lines - alternating names and values, as in {@link RequestHead.headers}. */
  constructor(lines: readonly string[]) {
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const name = (lines[i] ?? '').toLowerCase();
      this.#values.set(name, this.#values.has(name) ? null : (lines[i + 1] ?? ''));
    }
  }

  /** The value, without white space around it; null when the header came more than once; undefined when not at all. */
  get(name: string): string | null | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? trimSpace(value) : value;
  }
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
