import type { Endpoint, RequestHead } from '@smtpeter-webhooks/verify';
import { headerOf } from './incoming-call.js';
import { cleanText } from './log.js';

const keepHost = "let the proxy keep Host, or set signedUrl: 'configured'.";

/** When a refusal looks like the doing of a proxy in front of this server: which, and the option that helps. */
export function proxyHint(code: string, head: RequestHead, endpoints: readonly Endpoint[]): string | undefined {
  // URLs are parsed only where one is needed: most refusals have no hint, and a flood must not pay for them.
  const urls = () => endpoints.map((endpoint) => new URL(endpoint.url));
  switch (code) {
    case 'ERR_INSECURE_TRANSPORT': {
      const forwarded = headerOf(head, 'x-forwarded-proto') ?? '';
      if (!/https/i.test(forwarded) && headerOf(head, 'x-forwarded-for') === undefined) return undefined;
      return "A proxy that ends TLS seems to be in front of this server, and is not trusted: set Express's `trust proxy` (or the trustProxy option) to it.";
    }
    case 'ERR_HOST_MISMATCH': {
      const forwarded = headerOf(head, 'x-forwarded-host')?.toLowerCase();
      if (forwarded !== undefined && urls().some((url) => url.host === forwarded)) {
        return `A proxy rewrites Host (X-Forwarded-Host says ${cleanText(forwarded)}): ${keepHost}`;
      }
      const host = headerOf(head, 'host') ?? '';
      return isInternal(host)
        ? `Host is ${cleanText(host)}, as behind a proxy that rewrites it: ${keepHost}`
        : undefined;
    }
    case 'ERR_PATH_MISMATCH': {
      const path = head.target.split('?')[0] ?? '';
      const paths = urls().map((url) => url.pathname);
      if (paths.some((one) => one === `${path}/` || `${one}/` === path)) {
        return 'The paths differ by the slash at the end: make url what the dashboard has.';
      }
      const rewritten = paths.some((one) => path.length > 1 && (one.endsWith(path) || path.endsWith(one)));
      return rewritten
        ? "A proxy seems to rewrite the path: let it keep the path, or set signedUrl: 'configured'."
        : undefined;
    }
    default:
      return undefined;
  }
}

/** A name or address that no callback URL on the internet has. */
function isInternal(host: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|[^.:]+(:\d+)?$)/i.test(host);
}
