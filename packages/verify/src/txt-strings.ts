/** A TXT string has at most 255 octets (RFC 1035 section 3.3); whatever is longer goes on in the next one. */
const FULL = 255;

/**
 * Joins the strings of each TXT record, without anything between them (RFC 6376 section 3.6.2.2).
 *
 * @param apart - true on Bun, whose `resolveTxt` (seen in 1.4.5) gives each string of a record as a record of its own.
 *   There what follows a full string belongs to it. At worst that joins what are two records, which then hold no key.
 */
export function joinStrings(records: readonly (readonly string[])[], apart: boolean): readonly string[] {
  if (!apart || records.some((strings) => strings.length > 1)) return records.map((strings) => strings.join(''));
  const joined: string[] = [];
  let open = false;
  for (const [text = ''] of records) {
    if (open) joined.push(`${joined.pop()}${text}`);
    else joined.push(text);
    open = text.length === FULL;
  }
  return joined;
}
