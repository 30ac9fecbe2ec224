/** A comment or a string of a JavaScript or TypeScript text, with its marks; `end` is behind it. */
export interface ScriptToken {
  readonly kind: 'comment' | 'string';
  readonly start: number;
  readonly end: number;
}

/**
 * Finds comments and strings in one pass: enough for configuration files, without regular expressions as a language has
 * them. A quote that nothing closes, as in a text between tags, is no string.
 */
export function scriptTokens(source: string): ScriptToken[] {
  const tokens: ScriptToken[] = [];
  // Where the last look for a quote's end gave up: a later look for the same would give up there as well, and is spared.
  const gaveUp: Record<string, number> = {};
  for (let at = 0; at < source.length; ) {
    const letter = source[at] ?? '';
    const commentEnd = letter === '/' ? endOfComment(source, at) : undefined;
    if (commentEnd !== undefined) {
      tokens.push({ kind: 'comment', start: at, end: commentEnd });
      at = commentEnd;
      continue;
    }
    if ('\'"`'.includes(letter) && at >= (gaveUp[letter] ?? 0)) {
      const { end, closed } = endOfString(source, at, letter);
      if (closed) {
        tokens.push({ kind: 'string', start: at, end });
        at = end;
        continue;
      }
      gaveUp[letter] = end;
    }
    at++;
  }
  return tokens;
}

function endOfComment(source: string, start: number): number | undefined {
  const end = source.startsWith('//', start)
    ? source.indexOf('\n', start)
    : source.startsWith('/*', start)
      ? source.indexOf('*/', start + 2) + 2
      : undefined;
  // Neither is found: the comment runs to the end. -1 + 2 is 1, which no real end is.
  return end === -1 || end === 1 ? source.length : end;
}

function endOfString(source: string, start: number, quote: string): { end: number; closed: boolean } {
  for (let at = start + 1; at < source.length; at++) {
    const letter = source[at];
    if (letter === '\\') at++;
    else if (letter === quote) return { end: at + 1, closed: true };
    else if (letter === '\n' && quote !== '`') return { end: at, closed: false };
  }
  return { end: source.length, closed: false };
}
