import { host, identity, path, requestLine, requiredHeadersOnce, transport } from './address-checks.js';
import { digestMatch } from './body-checks.js';
import type { Check } from './check.js';
import { key, signature } from './key-checks.js';
import {
  algorithm,
  coverage,
  coveredHeaders,
  date,
  digestHeader,
  keyId,
  signatureHeader,
  signatureTime,
} from './signature-checks.js';

/**
 * The checklist: the vendor's own, made exact, in the order in which it is run. What needs the head alone comes first,
 * and of that what costs nothing before the key's look-up, and the look-up before the cryptography; so an unsigned
 * flood costs neither DNS nor RSA, and of a forgery no byte of the body is read.
 */
export const headChecks: readonly Check[] = [
  requestLine,
  transport,
  requiredHeadersOnce,
  host,
  path,
  identity,
  date,
  signatureHeader,
  algorithm,
  coverage,
  coveredHeaders,
  signatureTime,
  keyId,
  digestHeader,
  key,
  signature,
];

/** What is left once the body is there. The replay claim follows them. */
export const bodyChecks: readonly Check[] = [digestMatch];
