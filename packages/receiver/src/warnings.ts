import type { Endpoint, Tolerance } from '@smtpeter-webhooks/verify';

/** Risky configuration, by its stable id. */
export const warnings = {
  WARN_HTTP_URL: 'a url is http, and its host is not this machine: calls can be read and held back on the way.',
  WARN_TOLERANCE: 'toleranceSeconds is over an hour: a recorded call stays good for that long after a restart.',
  WARN_KEY_ZONE: 'keyZone is not copernica.com: whoever has keys there can sign as the vendor. For tests only.',
  WARN_TRUST_PROXY_ALL:
    '`trust proxy` is true: whoever connects can claim that the call came over HTTPS. Name the proxies instead; where that cannot be said, let nobody but the proxy connect.',
  WARN_VERIFICATION_FILES_ROUTE:
    'verificationFiles: where the middleware is mounted it is not asked for files beside it. Mount it with app.use(webhooks(…)), before other routes; in Fastify register it without a prefix.',
} as const;

/** The stable name of a warning, as it stands at the start of its log line. */
export type WarningId = keyof typeof warnings;

/** Which warnings a configuration deserves. */
export function warningsFor(options: {
  readonly endpoints: readonly Endpoint[];
  readonly toleranceSeconds?: Tolerance | undefined;
  readonly keyZone?: string | undefined;
}): WarningId[] {
  const found: WarningId[] = [];
  if (options.endpoints.some((endpoint) => isOpenHttp(endpoint.url))) found.push('WARN_HTTP_URL');
  const { toleranceSeconds: tolerance = 300 } = options;
  const longest = typeof tolerance === 'number' ? tolerance : Math.max(tolerance.past, tolerance.future);
  if (longest > 3600) found.push('WARN_TOLERANCE');
  if (options.keyZone !== undefined && options.keyZone !== 'copernica.com') found.push('WARN_KEY_ZONE');
  return found;
}

function isOpenHttp(text: string): boolean {
  const url = new URL(text);
  return url.protocol === 'http:' && !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
