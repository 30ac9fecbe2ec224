import { scriptTokens } from './script-tokens.js';

/**
 * The text of a JavaScript or TypeScript file, to be searched without being run. `plain` has spaces for comments, `code`
 * has them for the contents of strings too; both are as long as the source.
 */
export interface ScriptText {
  readonly plain: string;
  readonly code: string;
}

export function scriptText(source: string): ScriptText {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  let plain = '';
  let code = '';
  let at = 0;
  for (const { kind, start, end } of scriptTokens(source)) {
    const before = source.slice(at, start);
    const token = source.slice(start, end);
    const hidden = kind === 'comment' ? blank(token) : `${token[0]}${blank(token.slice(1, -1))}${token.at(-1)}`;
    plain += before + (kind === 'comment' ? hidden : token);
    code += before + hidden;
    at = end;
  }
  return { plain: plain + source.slice(at), code: code + source.slice(at) };
}

/** What is given for a property: the expressions after `name:`, and `name` itself where it is written short. */
export function propertyValues(text: ScriptText, name: string): string[] {
  const found: string[] = [];
  for (const { 0: word, index } of text.code.matchAll(/[\w$]+/g)) {
    if (word !== name || text.code[index - 1] === '.') continue;
    let at = index + word.length;
    while (/\s/.test(text.code[at] ?? '')) at++;
    const next = text.code[at];
    if (next === ':') found.push(expressionAt(text, at + 1, /,/));
    else if ((next === ',' || next === '}') && /[{,]/.test(text.code.slice(0, index).trimEnd().at(-1) ?? ''))
      found.push(name);
  }
  return found;
}

/** What a variable is set to where it is declared, when that happens once. */
export function declaredValue(text: ScriptText, name: string): string | undefined {
  const declarations = [...text.code.matchAll(/\b(?:const|let|var)\s+([\w$]+)/g)].filter((one) => one[1] === name);
  const [only] = declarations;
  if (declarations.length !== 1 || only === undefined) return undefined;
  const start = only.index + only[0].length;
  const [equals] = /^\s*(?::[^=\n]+)?=/.exec(text.code.slice(start)) ?? [];
  return equals === undefined ? undefined : expressionAt(text, start + equals.length, /[;\n]/);
}

/** The arguments of a call, given the text between its brackets. */
export function splitArguments(list: string): string[] {
  const text = scriptText(list);
  const found: string[] = [];
  for (let at = 0; at < list.length; ) {
    const one = expressionAt(text, at, /,/, true);
    found.push(one.trim());
    at += one.length + 1;
  }
  return found.filter((one) => one !== '');
}

function expressionAt(text: ScriptText, start: number, end: RegExp, untrimmed = false): string {
  let depth = 0;
  let at = start;
  for (; at < text.code.length; at++) {
    const letter = text.code[at] ?? '';
    if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
    if (depth < 0) break;
    if (depth === 0 && end.test(letter) && text.code.slice(start, at).trim() !== '') break;
  }
  const expression = text.plain.slice(start, at);
  return untrimmed ? expression : expression.trim();
}

/** The text of a string literal without escapes; undefined for every other expression. */
export function literalOf(expression: string): string | undefined {
  const bare = expression
    .trim()
    .replace(/\sas\s+const$/, '')
    .trimEnd();
  const quoted = bare.length >= 2 && bare[0] === bare.at(-1) && /^['"`][^'"`\\$]*['"`]$/.test(bare);
  return quoted ? bare.slice(1, -1) : undefined;
}

/** A setting of a configuration file: absent, a literal text, or something that only running it would tell. */
export type Setting = { readonly found: false } | { readonly found: true; readonly text: string | undefined };

/** Reads a setting by its path, `['dir', 'public']`. */
export function readSetting(source: string, path: readonly string[]): Setting {
  let within = source;
  for (const [i, name] of path.entries()) {
    const values = propertyValues(scriptText(within), name);
    const [only] = values;
    if (values.length === 0) return { found: false };
    if (values.length > 1 || only === undefined) return { found: true, text: undefined };
    if (i === path.length - 1) return { found: true, text: literalOf(only) };
    if (!only.startsWith('{')) return { found: true, text: undefined };
    within = only.slice(1, -1);
  }
  return { found: false };
}
