import { declaredValue, literalOf, type ScriptText, splitArguments } from './script-text.js';

/** A directory as an expression says it: a path from the module's own directory, from the working directory, or whole. */
export interface DirectoryExpression {
  readonly from: 'module' | 'root';
  /** May be absolute, and then says it all. */
  readonly path: string;
}

const MAX_DEPTH = 8;

/** Without white space. */
const moduleDirectory =
  /^(?:__dirname|import\.meta\.dirname|(?:path\.)?dirname\((?:__filename|import\.meta\.filename|(?:url\.)?fileURLToPath\(import\.meta\.url\))\))$/;

/** Reads an expression for a directory without running it; undefined when that cannot be done. */
export function readDirectory(text: ScriptText, expression: string, depth = 0): DirectoryExpression | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const read = (one: string) => readDirectory(text, one, depth + 1);
  const bare = expression
    .trim()
    .replace(/\sas\s+(?:const|string)$/, '')
    .trimEnd();
  const literal = literalOf(bare);
  if (literal !== undefined) return { from: 'root', path: literal };
  if (moduleDirectory.test(bare.replace(/\s+/g, ''))) return { from: 'module', path: '' };
  if (/^process\.cwd\(\s*\)$/.test(bare)) return { from: 'root', path: '' };
  const call = /^(?:(?:path|url)\.)?(join|resolve|fileURLToPath)\(([\s\S]*)\)$/.exec(bare);
  if (call !== null) return readCall(call[1] ?? '', splitArguments(call[2] ?? ''), read);
  const url = /^new\s+URL\(([\s\S]*)\)(?:\.pathname)?$/.exec(bare);
  if (url !== null) return readUrl(splitArguments(url[1] ?? ''));
  const start = /^`\$\{([^}]*)\}([^`\\$]*)`$/.exec(bare);
  if (start !== null) return joined(read(start[1] ?? ''), start[2] ?? '');
  const sum = splitSum(bare);
  if (sum !== undefined) return joined(read(sum.first), sum.last);
  if (/^[A-Za-z_$][\w$]*$/.test(bare)) {
    const declared = declaredValue(text, bare);
    return declared === undefined ? undefined : read(declared);
  }
  return undefined;
}

/** `first + 'last'`; undefined for every other expression. */
function splitSum(expression: string): { first: string; last: string } | undefined {
  const quote = expression.at(-1) ?? '';
  const start = expression.lastIndexOf(quote, expression.length - 2);
  const before = start < 0 ? '' : expression.slice(0, start).trimEnd();
  const last = literalOf(expression.slice(start));
  if (last === undefined || before.length < 2 || !before.endsWith('+')) return undefined;
  return { first: before.slice(0, -1), last };
}

type Read = (expression: string) => DirectoryExpression | undefined;

function readCall(name: string, list: readonly string[], read: Read): DirectoryExpression | undefined {
  const [first, ...rest] = list;
  if (first === undefined) return undefined;
  if (name === 'fileURLToPath')
    return /^(?:new\s+URL\b|[A-Za-z_$])/.test(first) && rest.length === 0 ? read(first) : undefined;
  let all = read(first);
  for (const one of rest) {
    const part = literalOf(one);
    if (part === undefined) return undefined;
    all = name === 'resolve' && part.startsWith('/') ? { from: 'root', path: part } : joined(all, `/${part}`);
  }
  return all;
}

function readUrl([relative = '', base = '']: readonly string[]): DirectoryExpression | undefined {
  const path = literalOf(relative);
  if (path === undefined || base !== 'import.meta.url' || /^[a-z]+:|[?#\\]/i.test(path)) return undefined;
  try {
    return { from: path.startsWith('/') ? 'root' : 'module', path: decodeURIComponent(path) };
  } catch {
    return undefined;
  }
}

function joined(first: DirectoryExpression | undefined, rest: string): DirectoryExpression | undefined {
  // What follows without a separator would change the last name.
  if (first === undefined || (first.path === '' && !rest.startsWith('/'))) return undefined;
  return { ...first, path: first.path === '' ? `.${rest}` : `${first.path}${rest}` };
}
