import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import type { DigestValue } from './digest-header.js';
import { whenThere } from './promise-like.js';
import { hashText } from './signature-algorithm.js';

export const digestMatch: Check = {
  id: 'digest-match',
  run(call) {
    const body = call.body ?? new Uint8Array();
    const isLong = call.digest?.values.some((one) => one.algorithm === 'sha-512');
    // SHA-256 is needed in any case, for the event's key.
    return whenThere(hashText('sha-256', body, 'base64'), (sha256) =>
      whenThere(isLong ? hashText('sha-512', body, 'base64') : '', (sha512) => compare(call, sha256, sha512)),
    );
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
