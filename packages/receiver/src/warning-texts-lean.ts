import type { warnings as full } from './warning-texts.js';

/** Short ones; docs/errors.md has the sentences. The last one has no cause in a Worker. */
export const warnings: Readonly<Record<keyof typeof full, string>> = {
  WARN_HTTP_URL: 'a url is http.',
  WARN_TOLERANCE: 'toleranceSeconds is over an hour.',
  WARN_KEY_ZONE: 'keyZone is not copernica.com.',
  WARN_TRUST_PROXY_ALL: 'whoever connects can claim that the call came over HTTPS.',
  WARN_VERIFICATION_FILES_ROUTE: '',
};
