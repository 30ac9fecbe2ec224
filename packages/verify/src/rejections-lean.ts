import type { rejections as full } from './rejections.js';

/*
 * The table of rejections.ts without its sentences, for bundles that every kilobyte counts in. A code says in short what
 * its sentence does; the rest is in docs/errors.md. That both have the same codes and statuses is held by a test.
 */
const names = {
  401:
    'HEADER_MISSING HEADER_REPEATED HEADER_INVALID IDENTITY_MISMATCH DATE_INVALID DATE_TOO_OLD DATE_IN_FUTURE ' +
    'SIGNATURE_HEADER_INVALID ALGORITHM_REFUSED SIGNATURE_COVERAGE SIGNATURE_LIST_INVALID SIGNATURE_TIME ' +
    'KEY_ID_INVALID DIGEST_HEADER_INVALID DIGEST_WEAK KEY_NOT_FOUND KEY_REVOKED KEY_UNUSABLE SIGNATURE_MISMATCH ' +
    'DIGEST_MISMATCH REPLAYED',
  403: 'INSECURE_TRANSPORT',
  404: 'PATH_MISMATCH',
  421: 'HOST_MISMATCH',
  500: 'ENDPOINT_AMBIGUOUS',
  503: 'KEY_LOOKUP_FAILED KEY_LOOKUP_LIMITED KEY_REFRESH_BARRED REPLAY_HORIZON',
};

/** Every way in which a call can fail verification, by its stable code. */
export const rejections = /* @__PURE__ */ tableOf(names) as unknown as typeof full;

function tableOf(byStatus: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(byStatus).flatMap(([status, list]) =>
      list.split(' ').map((name) => [
        `ERR_${name}`,
        {
          status: Number(status),
          meaning: `${name.toLowerCase().replaceAll('_', ' ')}.`,
          remedy: 'see docs/errors.md',
        },
      ]),
    ),
  );
}
