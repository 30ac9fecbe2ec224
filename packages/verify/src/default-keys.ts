import { dnsKeys } from './dns-keys.js';
import type { KeySource } from './key-source.js';

/** The keys of a verifier that is given none: those in DNS. For a Worker default-keys-lean.ts stands in its place. */
export function defaultKeys(clock: () => number): KeySource {
  return dnsKeys({ clock });
}
