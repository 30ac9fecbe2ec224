/** What an event is made of: the fields of a JSON object. */
export type EventFields = { readonly [name: string]: EventValue };
/** A value in an event: a text, a number, or a list or an object of values. */
export type EventValue = string | number | boolean | null | readonly EventValue[] | EventFields;

/** JSON in UTF-8, without white space. */
export function encodeJson(event: EventFields): Uint8Array {
  return Buffer.from(JSON.stringify(event));
}

/**
 * A form body as PHP's `http_build_query` writes it (php.net manual), which is what the vendor's examples look like:
 * `fields[name]=x&interests[0]=y` with the brackets escaped, spaces as `+`, true and false as 1 and 0, null left out.
 */
export function encodeForm(event: EventFields): Uint8Array {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(event)) append(pairs, urlEncode(name), value);
  return Buffer.from(pairs.join('&'));
}

function append(pairs: string[], name: string, value: EventValue): void {
  if (value === null) return;
  if (typeof value === 'object') {
    for (const [key, one] of Object.entries(value)) append(pairs, `${name}%5B${urlEncode(key)}%5D`, one);
    return;
  }
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  pairs.push(`${name}=${urlEncode(text)}`);
}

/** PHP's `urlencode`: everything but letters, digits, `-`, `_` and `.`, and `+` for a space. */
function urlEncode(text: string): string {
  // Half a surrogate pair has no UTF-8; it is written as the replacement character, as JSON in UTF-8 has to.
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
