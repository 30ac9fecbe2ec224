/*
 * Where a bundler says that it is for a Worker or a browser, the `imports` of package.json name rejections-lean.ts in the
 * place of this file: the sentences are a tenth of a Worker's bundle.
 */

/** What is known of one kind of refusal. The table {@link rejections} holds one per code. */
export interface RejectionKind {
  /** The HTTP status of the answer. */
  readonly status: 401 | 403 | 404 | 421 | 500 | 503;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the operator can do. */
  readonly remedy: string;
}

const kind = (status: RejectionKind['status'], meaning: string, remedy: string): RejectionKind => ({
  status,
  meaning,
  remedy,
});

/**
 * Every way in which a call can fail verification, by its stable code. A code is never renamed or given another
 * meaning within a major version.
 */
export const rejections = {
  ERR_INSECURE_TRANSPORT: kind(
    403,
    'The call came over plain HTTP, while the configured URL says https.',
    "If a proxy ends TLS in front of this server, let the server know it: Express's `trust proxy` setting, or the `trustProxy` option of the other doors.",
  ),
  ERR_HEADER_MISSING: kind(
    401,
    'A header that every genuine call carries is not there.',
    'If genuine calls fail so, something in front of this server strips headers; let it pass all of them unchanged.',
  ),
  ERR_HEADER_REPEATED: kind(
    401,
    'A header that must come once came more than once, so that it has no single meaning.',
    'If genuine calls fail so, a proxy adds a second copy of a header that it should replace or leave alone.',
  ),
  ERR_HEADER_INVALID: kind(
    401,
    'The request line or a signed header holds characters that HTTP does not allow there.',
    'Nothing to do for genuine calls; an adapter of your own must pass header lines as they came.',
  ),
  ERR_HOST_MISMATCH: kind(
    421,
    'The Host header is not the host of a configured URL.',
    "Compare the `url` option with the callback URL in the vendor's dashboard. If a proxy rewrites Host, let it keep the original (nginx: `proxy_set_header Host $host`), or set `signedUrl: 'configured'`.",
  ),
  ERR_PATH_MISMATCH: kind(
    404,
    'The path of the request is not the path of a configured URL.',
    "Compare the `url` option with the callback URL in the vendor's dashboard, trailing slash included. If a proxy rewrites the path, set `signedUrl: 'configured'`.",
  ),
  ERR_ENDPOINT_AMBIGUOUS: kind(
    500,
    "With `signedUrl: 'configured'` more than one endpoint fits the call, so it is not known which URL was signed.",
    'Give each endpoint a middleware of its own, or let the proxy keep the path or the Host.',
  ),
  ERR_IDENTITY_MISMATCH: kind(
    401,
    'The X-Copernica-ID is not that of the endpoint: a genuine call for someone else, or for another URL of yours.',
    'Compare the `id` option with the X-Copernica-ID shown in the log: `environment-…` for SMTPeter, `account-…` for Marketing Suite.',
  ),
  ERR_DATE_INVALID: kind(
    401,
    'The Date header is not an IMF-fixdate (RFC 9110 section 5.6.7).',
    'Nothing to do for genuine calls; senders of your own must write dates as `Sun, 06 Nov 1994 08:49:37 GMT`.',
  ),
  ERR_DATE_TOO_OLD: kind(
    401,
    'The call was signed longer ago than the tolerance allows.',
    "Compare this machine's clock with the real time (NTP). If calls wait in a queue before they are verified, verify them at the time of receipt.",
  ),
  ERR_DATE_IN_FUTURE: kind(
    401,
    'The call was signed further in the future than the tolerance allows.',
    "This machine's clock is probably slow: compare it with the real time (NTP).",
  ),
  ERR_SIGNATURE_HEADER_INVALID: kind(
    401,
    'The Signature header cannot be read as draft-cavage-http-signatures describes it.',
    'If genuine calls fail so, a proxy changes the header; let it pass unchanged.',
  ),
  ERR_ALGORITHM_REFUSED: kind(
    401,
    'The request names an algorithm that is never accepted, or one that does not fit the key.',
    'Nothing to do for genuine calls: they are signed with rsa-sha256.',
  ),
  ERR_SIGNATURE_COVERAGE: kind(
    401,
    'The signature does not cover everything that it must: (request-target), host, date, x-copernica-id and digest.',
    'Nothing to do for genuine calls; senders of your own must list these five names.',
  ),
  ERR_SIGNATURE_LIST_INVALID: kind(
    401,
    'The list of signed headers names one twice, or one that the request does not have exactly once.',
    'If genuine calls fail so, a proxy removes or doubles a signed header; let it pass all headers unchanged.',
  ),
  ERR_SIGNATURE_TIME: kind(
    401,
    'The (created) or (expires) parameter of the signature is out of bounds, or not allowed with its algorithm.',
    'Nothing to do for genuine calls: they carry neither.',
  ),
  ERR_KEY_ID_INVALID: kind(
    401,
    'The keyId is not the name of a key of the vendor: a host name below copernica.com.',
    'Nothing to do for genuine calls.',
  ),
  ERR_DIGEST_HEADER_INVALID: kind(
    401,
    'The Digest header cannot be read as RFC 3230 describes it.',
    'If genuine calls fail so, a proxy changes the header; let it pass unchanged.',
  ),
  ERR_DIGEST_WEAK: kind(
    401,
    'The Digest header has neither a SHA-256 nor a SHA-512 value.',
    'Nothing to do for genuine calls: they carry SHA-256.',
  ),
  ERR_KEY_NOT_FOUND: kind(
    401,
    'DNS says that the keyId has no key.',
    'If genuine calls fail so, ask the name yourself (`dig TXT <keyId>`): a resolver that filters or rewrites answers is the usual reason.',
  ),
  ERR_KEY_REVOKED: kind(
    401,
    'The key was revoked: its DKIM record has an empty `p=` (RFC 6376 section 3.6.1).',
    'Nothing to do: the sender must sign with a key that is in use.',
  ),
  ERR_KEY_UNUSABLE: kind(
    401,
    'The keyId has a record, but no key in it that can be used.',
    'If genuine calls fail so, ask the name yourself (`dig TXT <keyId>`) and compare the record with RFC 6376 section 3.6.1.',
  ),
  ERR_KEY_LOOKUP_FAILED: kind(
    503,
    'DNS gave no usable answer in time, so nothing is known about the key.',
    'Check that this machine can ask its DNS servers for TXT records, over UDP and TCP port 53.',
  ),
  ERR_KEY_LOOKUP_LIMITED: kind(
    503,
    'Too many unknown key names came in a short time; this one was not looked up.',
    'Somebody is probably sending forged calls. Calls under known keys are not affected.',
  ),
  ERR_KEY_REFRESH_BARRED: kind(
    503,
    'The signature does not hold under the key in the cache, and that key was looked up again only moments ago.',
    'A forged call, or a key that was rotated this very moment: a genuine sender may try again in some seconds. If all calls fail so, or with ERR_SIGNATURE_MISMATCH, follow the remedy of that code.',
  ),
  ERR_SIGNATURE_MISMATCH: kind(
    401,
    'The signature is not that of the signing string under the key.',
    "A forged call, or a signed header, the path or the query was changed on the way. If genuine calls fail so behind a proxy, let it pass Host, path and headers unchanged, or set `signedUrl: 'configured'`.",
  ),
  ERR_DIGEST_MISMATCH: kind(
    401,
    'The body is not the one that was signed.',
    'The body was changed on the way: a proxy that re-encodes it, or code that passes a parsed and re-serialised body.',
  ),
  ERR_REPLAYED: kind(401, 'This very call was seen before.', 'Nothing to do: the first one was handled.'),
  ERR_REPLAY_HORIZON: kind(
    503,
    'The call is older than what the replay memory still holds, so it is not known whether it was seen before.',
    'The memory was full: give it more entries, or shorten `toleranceSeconds`.',
  ),
} as const satisfies Record<string, RejectionKind>;
