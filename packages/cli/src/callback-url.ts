import { misuse, refused } from './failure.js';

/** A callback URL taken apart. */
export interface CallbackUrl {
  readonly url: URL;
  /** The URL's path, each segment decoded once; the last one, the script, is left out. */
  readonly directory: readonly string[];
  /** The last segment of the path, decoded once; empty when the URL ends in `/`. */
  readonly script: string;
}

/**
 * Reads a callback URL as typed into the dashboard. Query, fragment, user and password play no part.
 *
 * @throws Failure of misuse when it is not a whole http or https URL; a refusal when its path leads out of the web root,
 *   or holds an escape that servers read in different ways.
 */
export function readCallbackUrl(option: string, text: string): CallbackUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^\s*https?:\/\//i.test(text)) {
    throw misuse(
      `${option} takes the whole callback URL as typed into the dashboard, not ${JSON.stringify(text.slice(0, 200))}.`,
      'For instance https://example.com/hooks/smtpeter.',
    );
  }
  // The URL parser resolves `..` at the root to the root; who typed it meant something else.
  const typed = /^\s*https?:\/\/[^/\\?#]*([^?#]*)/i.exec(text)?.[1] ?? '';
  if (leavesRoot(typed.split(/[/\\]/))) throw leaving(option);
  const segments = url.pathname
    .split('/')
    .slice(1)
    .map((segment) => decodedOnce(option, segment));
  const script = segments.pop() ?? '';
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return { url, directory: segments.filter((segment) => segment !== ''), script };
}

/** The URL of a file beside the script of a callback URL. */
export function siblingUrl({ url }: CallbackUrl, name: string): string {
  return new URL(`./${encodeURIComponent(name)}`, url).href;
}

/** The URL of a file at the root of a callback URL's server. */
export function rootUrl({ url }: CallbackUrl, name: string): string {
  return new URL(`/${encodeURIComponent(name)}`, url).href;
}

function leavesRoot(segments: readonly string[]): boolean {
  let depth = 0;
  for (const segment of segments) {
    const plain = segment.replace(/%2e/gi, '.');
    if (plain === '..') depth--;
    else if (plain !== '' && plain !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function decodedOnce(option: string, segment: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    throw refused('ERR_URL_PATH', `${option} holds percent escapes that are no UTF-8 text.`);
  }
  if (/[/\\]/.test(decoded)) {
    if (leavesRoot(decoded.split(/[/\\]/))) throw leaving(option);
    throw refused('ERR_URL_PATH', `${option} holds an escaped separator, which servers read in different ways.`);
  }
  if (decoded === '.' || decoded === '..') throw leaving(option);
  if (/\p{Cc}/u.test(decoded)) throw refused('ERR_URL_PATH', `${option} holds an escaped control character.`);
  return decoded;
}

function leaving(option: string) {
  return refused('ERR_OUTSIDE_ROOT', `The path of ${option} leads out of the web root.`);
}
