/**
 * A URL that may be followed or shown as a link: absolute, `http:` or `https:`, without a user name or password in it.
 * Undefined for anything else; what was clicked or fetched may be any text.
 */
export function safeUrl(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' ? url : undefined;
}
