import { isBase64Of } from '#octets';
import { trimSpace } from './header-lines.js';

/** One value of a Digest header that is strong enough to compare. */
export interface DigestValue {
  readonly algorithm: 'sha-256' | 'sha-512';
  /** The one spelling that RFC 4648 section 4 has for it, so that texts can be compared. */
  readonly base64: string;
}

/** What a Digest header says: what to compare, and which other algorithms it names. */
export interface DigestHeader {
  readonly values: readonly DigestValue[];
  readonly ignored: readonly string[];
}

export interface DigestHeaderProblem {
  readonly problem: string;
}

const MAX_LENGTH = 2048;
const MAX_VALUES = 16;
const lengths = { 'sha-256': 32, 'sha-512': 64 } as const;

/**
 * Reads a Digest header: `algorithm=value`, several joined by commas (RFC 3230 section 4.3.2), names in any case,
 * SHA-256 and SHA-512 values in base64 (RFC 5843 section 2). Values of other algorithms are read over: weak ones say
 * nothing worth knowing, and unknown ones cannot be compared.
 */
export function parseDigestHeader(text: string): DigestHeader | DigestHeaderProblem {
  if (text.length > MAX_LENGTH) return { problem: `longer than ${MAX_LENGTH} characters` };
  const parts = text.includes(',') ? text.split(',') : [text];
  if (parts.length > MAX_VALUES) return { problem: `more than ${MAX_VALUES} values` };
  const values: DigestValue[] = [];
  const ignored: string[] = [];
  for (const part of parts) {
    const one = trimSpace(part);
    const equals = one.indexOf('=');
    const name = one.slice(0, Math.max(equals, 0)).toLowerCase();
    if (name !== 'sha-256' && !isAlgorithmName(name)) return { problem: 'algorithm=value was expected' };
    if (name !== 'sha-256' && name !== 'sha-512') {
      ignored.push(name);
      continue;
    }
    if (!isBase64Of(lengths[name], one, equals + 1)) {
      return { problem: `the ${name} value is not base64 of ${lengths[name]} octets` };
    }
    values.push({ algorithm: name, base64: one.slice(equals + 1) });
  }
  return { values, ignored };
}

function isAlgorithmName(name: string): boolean {
  return name.length <= 32 && /^[a-z0-9-]+$/.test(name);
}
