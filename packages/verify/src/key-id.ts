const MAX_NAME = 253; // RFC 1035 section 2.3.4, without the final dot
const MAX_LABEL = 63;

/**
 * Reads a keyId as a host name strictly below a zone: labels of letters, digits, hyphens and underscores (the DKIM
 * `_domainkey`), any case, one trailing dot allowed. It is this strict because the name goes into a DNS query: Node's
 * resolver cuts a name at a NUL octet, so that `evil.example\0.copernica.com` would ask for `evil.example`.
 *
 * @param zone - lower-case, no leading or trailing dot.
 * @returns the name in lower case without the trailing dot, or undefined when it is anything else.
 */
export function parseKeyId(text: string, zone: string): string | undefined {
  // Before lower-casing, which makes ASCII of some letters that are not (the Kelvin sign becomes k).
  if (text.length > MAX_NAME + 1 || !/^[\x21-\x7e]*$/.test(text)) return undefined;
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length > MAX_NAME || !name.endsWith(`.${zone}`)) return undefined;
  return isHostName(name) ? name : undefined;
}

/** True for lower-case labels joined by dots, each of 1 to 63 letters, digits, hyphens (not at its ends) and underscores. */
export function isHostName(name: string): boolean {
  let label = 0;
  for (let i = 0; i <= name.length; i++) {
    const code = i === name.length ? DOT : name.charCodeAt(i);
    if (code === DOT) {
      if (label === 0 || label > MAX_LABEL || name.charCodeAt(i - 1) === HYPHEN) return false;
      label = 0;
    } else if (isLabelCode(code) && !(code === HYPHEN && label === 0)) {
      label++;
    } else {
      return false;
    }
  }
  return true;
}

const DOT = 0x2e;
const HYPHEN = 0x2d;

function isLabelCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === HYPHEN || code === 0x5f;
}
