import { decodeBase64 } from '#octets';

/** What one TXT record at a key's name is. */
export type DkimRecord =
  | { readonly kind: 'key'; readonly type: 'rsa' | 'ed25519'; readonly data: Uint8Array }
  /** `p=` is empty. */
  | { readonly kind: 'revoked' }
  /** A DKIM record that holds no key that could be used. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Not a DKIM record: TXT records of other kinds may stand at the same name. */
  | { readonly kind: 'other' };

/** An RSA key of 8,192 bits takes 1,400 characters. */
const MAX_LENGTH = 16_384;
const MAX_TAGS = 64;
const tagName = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * Reads a DKIM key record (RFC 6376 section 3.6.1), the strings of the TXT record joined: a list of `tag=value` joined
 * by semicolons, with white space, folded or not, anywhere round the parts and inside the base64 of `p=`.
 *
 * - `v=` may be missing; where it is there it is `DKIM1`.
 * - `k=` is `rsa` (also when it is missing) or `ed25519` (RFC 8463), in any case, as ABNF has its strings.
 * - `h=`, where it is there, includes `sha256`.
 * - `p=` is base64, the padding optional as in the grammar of section 3.2.
 * - A tag that comes twice makes the record unusable.
 * - `s=`, `t=`, `g=` and `n=` are about mail; there is no service type for HTTP, so they decide nothing here.
 */
export function parseDkimRecord(text: string): DkimRecord {
  if (text.length > MAX_LENGTH) return { kind: 'unusable', reason: `longer than ${MAX_LENGTH} characters` };
  const tags = readTags(text);
  if (typeof tags === 'string') return looksLikeDkim(text) ? { kind: 'unusable', reason: tags } : { kind: 'other' };
  const version = tags.get('v');
  const data = tags.get('p');
  if (version !== undefined && version !== 'DKIM1') {
    return version.startsWith('DKIM') ? { kind: 'unusable', reason: 'v= is not DKIM1' } : { kind: 'other' };
  }
  if (data === undefined)
    return version === undefined ? { kind: 'other' } : { kind: 'unusable', reason: 'p= is missing' };
  const type = (tags.get('k') ?? 'rsa').toLowerCase();
  if (type !== 'rsa' && type !== 'ed25519') return { kind: 'unusable', reason: 'k= is neither rsa nor ed25519' };
  const hashes = tags.get('h');
  if (hashes !== undefined && !hashes.split(':').some((hash) => hash.trim().toLowerCase() === 'sha256')) {
    return { kind: 'unusable', reason: 'h= does not include sha256' };
  }
  const base64 = data.replace(/[ \t\r\n]/g, '');
  if (base64 === '') return { kind: 'revoked' };
  const bytes = decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
  return bytes === undefined ? { kind: 'unusable', reason: 'p= is not base64' } : { kind: 'key', type, data: bytes };
}

/** The tags by name, or why they cannot be read. Names are case-sensitive (RFC 6376 section 3.2). */
function readTags(text: string): Map<string, string> | string {
  const tags = new Map<string, string>();
  const parts = text.split(';', MAX_TAGS + 1);
  if (parts.length > MAX_TAGS) return `more than ${MAX_TAGS} tags`;
  if (parts.at(-1)?.trim() === '') parts.pop();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (!tagName.test(name)) return 'not a list of tag=value';
    if (tags.has(name)) return `the tag ${name.slice(0, 16)} came twice`;
    tags.set(name, part.slice(equals + 1).trim());
  }
  return tags;
}

function looksLikeDkim(text: string): boolean {
  return /^\s*v\s*=\s*DKIM1\b/.test(text) || /^(?:[^;]*;)?\s*[kp]\s*=/.test(text);
}
