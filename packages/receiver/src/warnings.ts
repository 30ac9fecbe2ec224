import type { Endpoint, Tolerance } from '@smtpeter-webhooks/verify';
import { warnings } from '#warning-texts';

export { warnings };

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
