import type { HeaderLayout } from './header-layout.js';

/** The header lines of a request by lower-case name. A name that came more than once has no single value. */
export class HeaderLines {
  readonly layout: HeaderLayout;
  readonly #lines: readonly string[];

  /**
   * @param lines - alternating names and values, as in {@link RequestHead.headers}.
   * @param layout - one that fits them.
   */
  constructor(lines: readonly string[], layout: HeaderLayout) {
    this.#lines = lines;
    this.layout = layout;
  }

  /** The value, without white space around it; null when the header came more than once; undefined when not at all. */
  get(name: string): string | null | undefined {
    const line = this.layout.lineOf(name);
    return typeof line === 'number' ? trimSpace(this.#lines[2 * line + 1] ?? '') : line;
  }

  /** The value of a header that a check has found to be there once; an empty text for any other. */
  one(name: string): string {
    return this.get(name) ?? '';
  }
}

/** Without the spaces and tabs at its ends: the optional white space of RFC 9110 section 5.6.3, and nothing else. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  // Beyond both ends there is no character, and none is no blank.
  while (isBlank(text.charCodeAt(start))) start++;
  while (isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
