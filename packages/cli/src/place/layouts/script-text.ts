/**
 * The text of a JavaScript or TypeScript file, to be searched without being run. `plain` has spaces for comments, `code`
 * has them for the contents of strings too; both are as long as the source.
 */
export interface ScriptText {
  readonly plain: string;
  readonly code: string;
}

/** One way to read strings and comments: enough for configuration files, without regular expressions as a language has them. */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`/g;

export function scriptText(source: string): ScriptText {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  const plain = source.replace(token, (text) => (text.startsWith('/') ? blank(text) : text));
  const code = plain.replace(token, (text) => `${text[0]}${blank(text.slice(1, -1))}${text.at(-1)}`);
  return { plain, code };
}

/** What is given for a property: the expressions after `name:`, and `name` itself where it is written short. */
export function propertyValues(text: ScriptText, name: string): string[] {
  const found: string[] = [];
  for (const match of text.code.matchAll(new RegExp(`(?<![\\w$.])${name}\\s*(:|(?=[,}]))`, 'g'))) {
    if (match[1] === '') {
      if (/[{,]\s*$/.test(text.code.slice(0, match.index))) found.push(name);
    } else found.push(expressionAt(text, match.index + match[0].length, /,/));
  }
  return found;
}

/** What a variable is set to where it is declared, when that happens once. */
export function declaredValue(text: ScriptText, name: string): string | undefined {
  const declarations = [
    ...text.code.matchAll(
      new RegExp(`\\b(?:const|let|var)\\s+${name.replace(/\$/g, '\\$&')}\\s*(?::[^=\\n]+)?=(?!=)`, 'g'),
    ),
  ];
  const [only] = declarations;
  if (declarations.length !== 1 || only === undefined) return undefined;
  return expressionAt(text, only.index + only[0].length, /[;\n]/);
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
  return /^(['"`])([^'"`\\$]*)\1(?:\s+as\s+const)?$/.exec(expression.trim())?.[2];
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
