import { normalizeHost } from './host.js';
import { parseIdentity } from './identity.js';
import type { Endpoint } from './verifier.js';

/** An endpoint taken apart once, so that no call has to. */
export interface ConfiguredEndpoint {
  readonly endpoint: Endpoint;
  /** One spelling: `environment-1234`. */
  readonly identity: string;
  /** False for an http URL: plain HTTP is what was asked for. */
  readonly secure: boolean;
  readonly defaultPort: '443' | '80';
  /** As `normalizeHost` gives it. */
  readonly host: string;
  /** The Host header that a sender makes of the URL. */
  readonly hostHeader: string;
  /** The path as a URL parser writes it, and as it was typed; mostly one and the same. */
  readonly paths: readonly string[];
}

/** @throws TypeError that says which endpoint is wrong, and how. */
export function configureEndpoints(endpoints: readonly Endpoint[]): readonly ConfiguredEndpoint[] {
  if (!Array.isArray(endpoints) || endpoints.length === 0) {
    throw new TypeError('endpoints: give at least one { id, url }.');
  }
  const seen = new Set<string>();
  const configured: ConfiguredEndpoint[] = [];
  for (const endpoint of endpoints) {
    const one = configureEndpoint(endpoint);
    const key = `${one.identity} ${one.host} ${one.paths[0]} ${one.secure}`;
    if (!seen.has(key)) configured.push(one);
    seen.add(key);
  }
  return configured;
}

function configureEndpoint(endpoint: Endpoint): ConfiguredEndpoint {
  const identity = typeof endpoint.id === 'string' ? parseIdentity(endpoint.id) : undefined;
  if (identity === undefined) {
    throw new TypeError(
      `id: give your X-Copernica-ID, environment-<number> or account-<number>; got ${JSON.stringify(endpoint.id)}.`,
    );
  }
  const typed = endpoint.url;
  const url = typeof typed === 'string' && URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TypeError(
      'url: give the whole callback URL as typed into the dashboard, for instance https://example.com/hooks/smtpeter.',
    );
  }
  const secure = url.protocol === 'https:';
  const defaultPort = secure ? '443' : '80';
  const host = normalizeHost(url.host, defaultPort);
  if (host === undefined) throw new TypeError('url: its host is neither a host name nor an IP address.');
  const typedPath = /^[a-z]+:\/\/[^/?#]*(\/[^?#]*)/i.exec(typed)?.[1] ?? url.pathname;
  const paths = typedPath === url.pathname ? [typedPath] : [url.pathname, typedPath];
  // A copy without user name and password, which some URLs hold: endpoints are shown in logs and reports.
  const shown = new URL(url.href);
  shown.username = '';
  shown.password = '';
  return {
    endpoint: { id: identity, url: shown.href },
    identity,
    secure,
    defaultPort,
    host,
    hostHeader: url.host,
    paths,
  };
}
