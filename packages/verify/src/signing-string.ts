/** What every genuine request's signature covers, the one for a page included. */
export const requiredNamesOfPages = ['(request-target)', 'host', 'date', 'x-copernica-id'] as const;
/** The names that every genuine call's signature covers (vendor documentation: data security). */
export const requiredNames = [...requiredNamesOfPages, 'digest'] as const;

const MAX_NAMES = 64;

/** A parsed `headers` parameter. */
export interface CoveredList {
  /** Lower-case, in the order in which they were signed. */
  readonly names: readonly string[];
  /** Those of the required names that are not covered. */
  readonly missing: readonly string[];
  /** The first name that is listed twice. */
  readonly repeated: string | undefined;
}

/**
 * Reads a `headers` parameter: names in any case, separated by runs of white space. Without one the list is `date`
 * alone (draft-cavage-http-signatures-10 section 2.1.6), which never covers enough.
 *
 * @returns undefined when it holds more than 64 names, or something that is not a header name.
 */
export function parseCoveredList(
  text: string | undefined,
  required: readonly string[] = requiredNames,
): CoveredList | undefined {
  const names = (text ?? 'date')
    .toLowerCase()
    .split(/[ \t\r\n]/)
    .filter((name) => name !== '');
  if (names.length === 0 || names.length > MAX_NAMES) return undefined;
  if (!names.every((name) => /^(?:\([a-z-]{1,32}\)|[a-z0-9!#$%&'*+.^_`|~-]{1,128})$/.test(name))) return undefined;
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  return { names, missing: required.filter((name) => !names.includes(name)), repeated };
}

/** Where the lines of a signing string come from. */
export interface SigningStringParts {
  readonly method: string;
  readonly target: string;
  readonly created: string | undefined;
  readonly expires: string | undefined;
  /** The one value of a header; undefined when there is none. */
  value(name: string): string | undefined;
}

/** What stands before each value: the name, and before all but the first a line feed. */
export function lineStartsOf(names: readonly string[]): readonly string[] {
  return names.map((name, i) => (i === 0 ? `${name}: ` : `\n${name}: `));
}

/**
 * Builds the signing string (draft-cavage-http-signatures-10 section 2.3): a line `name: value` for each name of the
 * list, joined by line feeds, names in lower case; `(request-target)` is the method in lower case and the target.
 *
 * @param lineStarts - for whoever builds many with one list: made once.
 * @returns the text, one octet a character; or the first name that has no value.
 */
export function buildSigningString(
  names: readonly string[],
  parts: SigningStringParts,
  lineStarts: readonly string[] = lineStartsOf(names),
): { readonly text: string } | { readonly absent: string } {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = partOf(name, parts);
    if (value === undefined) return { absent: name };
    text += lineStarts[i] + value;
  }
  return { text };
}

function partOf(name: string, parts: SigningStringParts): string | undefined {
  if (!name.startsWith('(')) return parts.value(name);
  if (name === '(request-target)') return `${parts.method.toLowerCase()} ${parts.target}`;
  if (name === '(created)') return parts.created;
  return name === '(expires)' ? parts.expires : undefined;
}
