import type { AttackCase } from './case.testing.js';
import { cases as addresses } from './cases/addresses.js';
import { cases as algorithms } from './cases/algorithms.js';
import { cases as content } from './cases/content.js';
import { cases as date } from './cases/date.js';
import { cases as digest } from './cases/digest.js';
import { cases as dns } from './cases/dns.js';
import { cases as headers } from './cases/headers.js';
import { cases as http } from './cases/http.js';
import { cases as keyId } from './cases/key-id.js';
import { cases as parameters } from './cases/parameters.js';
import { cases as replay } from './cases/replay.js';
import { cases as signingString } from './cases/signing-string.js';

/** Every attack. */
export const catalogue: readonly AttackCase[] = [
  ...signingString,
  ...headers,
  ...parameters,
  ...keyId,
  ...algorithms,
  ...digest,
  ...date,
  ...addresses,
  ...replay,
  ...http,
  ...dns,
  ...content,
];
