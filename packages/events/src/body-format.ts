/** How a body is written, as far as this package reads it. */
export type BodyFormat = 'json' | 'form' | 'other';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/**
 * Tells how a body is written. A content type that was signed decides. One that was not signed could have been put
 * there by anyone, so then the body's own first byte decides, as it does without one.
 */
export function formatOf(contentType: string | undefined, signed: boolean, body: Uint8Array): BodyFormat {
  if (signed && contentType !== undefined) {
    // As they come as a rule.
    if (contentType === FORM) return 'form';
    if (contentType === JSON_TYPE) return 'json';
    const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
    if (type === FORM) return 'form';
    return type === JSON_TYPE || /^[a-z]+\/[a-z0-9.!#$&^_-]+\+json$/.test(type) ? 'json' : 'other';
  }
  switch (firstOctet(body)) {
    case 0x7b: // {
    case 0x5b: // [
      return 'json';
    case 0x3c: // <
      return 'other';
    case 0x2d: // - : the boundary line of a multipart body begins with two
      return body[1] === 0x2d && body.includes(0x0a) ? 'other' : 'form';
    default:
      return 'form';
  }
}

/** The first one that is neither white space nor part of a byte order mark. */
function firstOctet(body: Uint8Array): number | undefined {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (body[at] === 0x20 || body[at] === 0x09 || body[at] === 0x0a || body[at] === 0x0d) at++;
  return body[at];
}
