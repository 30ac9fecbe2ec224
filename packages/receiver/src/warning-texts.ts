/** Risky configuration, by its stable id. In a Worker's bundle warning-texts-lean.ts stands in its place. */
export const warnings = {
  WARN_HTTP_URL: 'a url is http, and its host is not this machine: calls can be read and held back on the way.',
  WARN_TOLERANCE: 'toleranceSeconds is over an hour: a recorded call stays good for that long after a restart.',
  WARN_KEY_ZONE: 'keyZone is not copernica.com: whoever has keys there can sign as the vendor. For tests only.',
  WARN_TRUST_PROXY_ALL:
    '`trust proxy` is true: whoever connects can claim that the call came over HTTPS. Name the proxies instead; where that cannot be said, let nobody but the proxy connect.',
  WARN_VERIFICATION_FILES_ROUTE:
    'verificationFiles: where the middleware is mounted it is not asked for all of the files beside a url and at the root. Mount it with app.use(webhooks(…)), before other routes; in Fastify register it without a prefix.',
} as const;

/** The sentence of a warning. */
export const warningText = (id: keyof typeof warnings): string => warnings[id];
