import { safeText } from '../terminal-text.js';

/** What a text is, as far as masking it goes. */
export type TextKind = 'host' | 'path' | 'query' | 'id' | 'name' | 'value' | 'digest' | 'key name' | 'public';

/** Shows a received text: cleaned, or masked as well. */
export type Mask = (kind: TextKind, text: string) => string;

/** Header names that say nothing about anyone. */
const knownNames =
  /^(\((request-target|created|expires)\)|host|date|content-(length|type|encoding)|x-copernica-id|digest|x-nonce|nonce|signature)$/i;
const publicValues =
  /^(application\/json|application\/x-www-form-urlencoded|text\/plain|text\/xml)(;\s*charset=[a-z0-9-]+)?$/i;
const vendorName = /^[a-z0-9._-]+\.copernica\.com\.?$/i;

/**
 * Makes the function by which every received text goes into a report. Masked, equal texts have equal names, so that one
 * can still see what agrees and what does not.
 */
export function mask(share: boolean): Mask {
  if (!share) return (_, text) => text;
  const names = new Map<string, string>();
  return (kind, text) => {
    if (kind === 'public' || text === '') return text;
    if (kind === 'name' && knownNames.test(text)) return text.toLowerCase();
    if (kind === 'key name' && vendorName.test(text)) return text.toLowerCase();
    if (kind === 'value' && (publicValues.test(text) || /^\d{1,10}$/.test(text))) return text;
    const key = `${kind} ${text}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const count = [...names.keys()].filter((one) => one.startsWith(`${kind} `)).length + 1;
    const name = `<${kind} ${count}>`;
    names.set(key, name);
    return name;
  };
}

/** What a line of the signing string is. */
export function kindOfLine(name: string): TextKind {
  if (name === 'host') return 'host';
  if (name === 'x-copernica-id') return 'id';
  if (name === 'digest') return 'digest';
  // When a call was made says nothing about who made it, and is what clocks are judged by.
  return name === 'date' || name === '(created)' || name === '(expires)' ? 'public' : 'value';
}

/** Shows the value of one line of the signing string. */
export function maskLine(mask: Mask, name: string, value: string): string {
  if (name !== '(request-target)') {
    const kind = kindOfLine(name);
    // Only a date is public; anything else may stand in its place.
    return kind === 'public' && !/^[A-Za-z]{3}, [\w :]{20,24}$|^\d+(\.\d+)?$/.test(value)
      ? mask('value', value)
      : mask(kind, value);
  }
  const [method = '', target = ''] = value.split(' ');
  const [path = '', query] = target.split('?');
  return `${/^(post|get)$/.test(method) ? method : mask('value', method)} ${mask('path', path)}${query === undefined ? '' : `?${mask('query', query)}`}`;
}

/** White space that one would not see, made visible; and nothing that a terminal would obey. */
export function visible(text: string): string {
  return safeText(text.replaceAll('\t', '→').replace(/^ +| +$| {2,}/g, (spaces) => '·'.repeat(spaces.length)));
}
