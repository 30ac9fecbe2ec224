import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import type { DigestValue } from './digest-header.js';
import { hashText } from './signature-algorithm.js';

export const digestMatch: Check = {
  id: 'digest-match',
  run(call) {
    const body = call.body ?? new Uint8Array();
    // SHA-256 is needed in any case, for the event's key.
    const sha256 = hashText('sha-256', body, 'base64');
    const sha512 = call.digest?.values.some((one) => one.algorithm === 'sha-512')
      ? hashText('sha-512', body, 'base64')
      : '';
    if (typeof sha256 === 'string' && typeof sha512 === 'string') return compare(call, sha256, sha512);
    return Promise.all([sha256, sha512]).then(([first, second]) => compare(call, first, second));
  },
};

function compare(call: Call, sha256: string, sha512: string): Failure | undefined {
  call.bodySha256 = sha256;
  const values = call.digest?.values ?? [];
  const differs = (one: DigestValue) => one.base64 !== (one.algorithm === 'sha-256' ? sha256 : sha512);
  // No value at all would be a mistake of ours, and must not let a call through.
  if (values.length > 0 && !values.some(differs)) return undefined;
  const differing = values.filter(differs);
  return {
    code: 'ERR_DIGEST_MISMATCH',
    evidence: { algorithms: differing.map((one) => one.algorithm), bodyBytes: call.body?.length ?? 0 },
  };
}
