import type { warnings as full } from './warning-texts.js';

const text = 'see docs/errors.md';

/** The names say it in short. That of a mount is not here: nothing in a Worker can cause it. */
export const warnings = {
  WARN_HTTP_URL: text,
  WARN_TOLERANCE: text,
  WARN_KEY_ZONE: text,
  WARN_TRUST_PROXY_ALL: text,
} as Readonly<Record<keyof typeof full, string>>;

export const warningText = (): string => text;
