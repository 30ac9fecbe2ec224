/**
 * Brings a Host header (RFC 9110 section 7.2) to the form in which two spellings of one host are equal: lower case, no
 * default port, no trailing dot, IPv6 literals in their canonical text.
 *
 * @param defaultPort - the port that goes without saying: `443` or `80`.
 * @returns undefined when it is not a host with an optional port.
 */
export function normalizeHost(text: string, defaultPort: '443' | '80'): string | undefined {
  // The URL parser would take user names, paths, percent escapes and more: let nothing but host characters reach it.
  const match = /^([A-Za-z0-9._-]{1,254}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{0,5}))?$/.exec(text);
  if (match === null) return undefined;
  let host = (match[1] ?? '').toLowerCase();
  if (host.startsWith('[')) {
    if (!URL.canParse(`http://${host}/`)) return undefined;
    host = new URL(`http://${host}/`).hostname;
  } else if (host.endsWith('.')) {
    host = host.slice(0, -1);
  }
  const port = match[2] === undefined || match[2] === '' ? defaultPort : String(Number(match[2]));
  return port === defaultPort ? host : `${host}:${port}`;
}
