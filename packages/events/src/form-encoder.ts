import { parseFieldName } from './field-name.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';

type NamePath = readonly [string, ...string[]];

/**
 * Writes fields as a form body, so that decoding it gives the same fields, with every single value as a text: `true` and
 * `false` as 1 and 0, as PHP has it. What a form cannot say is left out: null, and objects and lists without entries.
 *
 * @throws TypeError when a name is one that a form cannot say, for instance an empty one, or `a]` inside another.
 * @throws DecodeError `too-deep`, when values are nested more than 64 deep: no decoder here would read it.
 */
export function encodeForm(fields: RawObject): Uint8Array {
  const pairs: string[] = [];
  for (const name of Object.keys(fields)) append(pairs, [name], fields[name]);
  return new TextEncoder().encode(pairs.join('&'));
}

function append(pairs: string[], path: NamePath, value: RawValue | undefined): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) append(pairs, [...path, String(index)], one as RawValue);
  } else if (isRawObject(value)) {
    for (const name of Object.keys(value)) append(pairs, [...path, name], value[name]);
  } else {
    const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
    pairs.push(`${encodeText(nameOf(path))}=${encodeText(text)}`);
  }
}

function nameOf(path: NamePath): string {
  const [first, ...rest] = path;
  const name = first + rest.map((key) => `[${key}]`).join('');
  const read = parseFieldName(name);
  if (read?.length !== path.length || read.some((key, i) => key !== path[i]))
    throw new TypeError(`A form cannot say this field's name: ${JSON.stringify(path.join(' > ').slice(0, 100))}.`);
  return name;
}

/** Half a surrogate pair has no octets in UTF-8: it is written as U+FFFD. */
function encodeText(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd')).replaceAll('%20', '+');
}
