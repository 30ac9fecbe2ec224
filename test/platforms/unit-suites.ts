import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages/packed.js';
import type { Exception } from './compare-outcomes.js';

/** The test files of the verification, the events and the Fetch door, which every runtime runs. */
export const unitSuites: readonly string[] = [
  ...[
    'packages/verify/src',
    'packages/events/src',
    'test/events',
    'test/keys',
    'test/vectors',
    'test/receiver',
  ].flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)),
  'test/doors/content-requests.test.ts',
  'test/doors/fetch-doors.test.ts',
  'test/doors/fetch-over-node.test.ts',
  'test/attack/catalogue.test.ts',
  'test/attack/mutations.test.ts',
].filter((file) => file.endsWith('.test.ts'));

const catalogue = 'test/attack/catalogue.test.ts';
const fakeTimers: readonly Exception[] = [
  {
    file: 'packages/verify/src/lookup-gate.test.ts',
    tests: [
      'where timers end with the request that began them > names have their turn all the same, once another name waits',
      'where timers end with the request that began them > a turn that is only late comes once',
      'where timers end with the request that began them > names that are never sent away hold up nobody for long',
    ],
    why: 'needs fake timers, which are no part of vitest that the stand-in could have',
  },
  {
    file: 'packages/verify/src/shared-lookups.test.ts',
    tests: [
      'a look-up that is under way > is waited for no longer than that',
      'a look-up that is under way > leaves no timer behind once it is there',
    ],
    why: 'needs fake timers, which are no part of vitest that the stand-in could have',
  },
];
const withPromises = 'takes answers at once, and WebCrypto gives promises';
const atEachDoor = (...attacks: readonly string[]) =>
  ['Express 5', 'Express 4', 'node:http', 'Fetch', 'own server'].flatMap((door) =>
    attacks.map((attack) => `${door} > ${attack}`),
  );

export const exceptions: Readonly<Record<string, readonly Exception[]>> = {
  'Node.js 24': [
    {
      file: 'test/vectors/vectors.test.ts',
      tests: [
        'Ed25519 vectors, by the engine node, > have one verdict for the twelve cases of Taming the many EdDSAs',
        'Ed25519 vectors, by the engine webcrypto, > have one verdict for the twelve cases of Taming the many EdDSAs',
        'the stricter rules are ours: the runtime itself would take some keys of small order',
      ],
      why: 'Node.js 24 itself takes neither a key nor a point R of small order; of the latter is case 2',
    },
  ],
  Deno: [
    ...fakeTimers,
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['an RSA key > of 8192 bits is imported'],
      why: "Deno's node:crypto finds such a modulus too large",
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['"AQ AB"', '"AQAB="', '"!"'].map(
        (e) => `an RSA key > with an exponent that is not base64url, ${e}, is refused`,
      ),
      why: 'Deno refuses such a JWK itself, before its exponent is looked at',
    },
    {
      file: catalogue,
      tests: [
        ...atEachDoor(
          'replay-half-first',
          'http-length-longer',
          'http-chunk-unfinished',
          'http-smuggled',
          'http-version-2',
          'http-version-none',
          'http-1.0',
          'http-expect-continue',
          'http-upgrade',
          'http-trailers',
          'http-chunk-extensions',
          'http-connection-names-signed',
          'http-pipelined-after-refused',
        ),
        'own server > http-length-shorter',
      ],
      why: "Deno's node:http answers no client that has closed its half of the connection, as this one does; none is handled",
    },
    {
      file: 'test/doors/fetch-doors.test.ts',
      tests: ['Hono on Node, with what it gives besides > a body over the limit gets its answer'],
      why: 'the connection is closed before the answer to a body that is still sent has come',
    },
    {
      file: 'test/doors/fetch-over-node.test.ts',
      tests: ['Fetch over node:http > a body over the limit gets its answer'],
      why: 'the connection is closed before the answer to a body that is still sent has come',
    },
    {
      file: 'test/keys/ed25519-fallback.test.ts',
      tests: [
        'an Ed25519 key > is used natively where the runtime can',
        'an Ed25519 key > is used by tweetnacl where the runtime cannot, with the same verdicts',
      ],
      why: 'gives the runtime a script by the options of Node.js',
    },
    {
      file: 'test/vectors/vectors.test.ts',
      tests: ['the stricter rules are ours: the runtime itself would take some keys of small order'],
      why: 'tells what Node.js would take; Deno itself refuses one of these keys more',
    },
  ],
  Bun: [
    ...fakeTimers,
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['an RSA key > of a record, smaller than 1024 bits, is refused'],
      why: 'Bun makes a key of 896 bits where one of 1016 is asked for',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: [
        'an RSA key > with the exponent 0x, which is too small, even or too large, is refused',
        'an RSA key > with an exponent that is not base64url, "AQ AB", is refused',
        'an RSA key > with an exponent that is not base64url, "!", is refused',
      ],
      why: 'Bun refuses such a JWK itself, before its exponent is looked at',
    },
    {
      file: catalogue,
      tests: [
        ...atEachDoor('http-version-2', 'http-version-none'),
        'node:http > target-asterisk',
        'own server > target-asterisk',
      ],
      why: "Bun's HTTP parser answers 400 itself, where Node's takes it for a request",
    },
    {
      file: catalogue,
      tests: atEachDoor('dns-strings'),
      why: "Bun's node:dns gives each string of a record as a record of its own, which are joined by their length",
    },
    {
      file: 'packages/verify/src/dns-txt-query.test.ts',
      tests: ['a question over UDP > gives the records, each with its strings joined'],
      why: "Bun's node:dns gives each string of a record as a record of its own, which are joined by their length",
    },
    {
      file: 'packages/verify/src/dns-txt-query.test.ts',
      tests: ['a question over UDP > that is answered with NODATA is none: DNS says ENODATA'],
      why: "Bun's node:dns says ENOTFOUND of it, which is none as well",
    },
    {
      file: 'test/receiver/webhook-server.test.ts',
      tests: ['what is no HTTP, or HTTP that nobody genuine sends, is refused and reported > an asterisk as target'],
      why: "Bun's HTTP parser answers 400 itself, where Node's takes it for a request",
    },
  ],
  workerd: [
    ...fakeTimers,
    { file: 'packages/verify/src/foreign-promises.test.ts', why: 'needs node:vm, which workerd does not implement' },
    { file: 'test/receiver/replay-memory-of-yours.test.ts', why: 'needs node:vm, which workerd does not implement' },
    { file: 'test/receiver/callable-promises.test.ts', why: 'does not come to an end, for a reason that is not known' },
    { file: 'test/events/schemas.test.ts', why: 'reads the repository with the TypeScript compiler' },
    ...[
      'packages/verify/src/dns-keys.test.ts',
      'packages/verify/src/dns-txt-query.test.ts',
      'test/keys/dns-keys.test.ts',
      'test/keys/dns-error-code.test.ts',
    ].map((file) => ({ file, why: 'needs node:dgram, which workerd does not implement' })),
    ...[
      'test/receiver/pipeline.test.ts',
      'test/receiver/verification-files.test.ts',
      'test/doors/content-requests.test.ts',
      'test/doors/fetch-doors.test.ts',
      catalogue,
    ].map((file) => ({ file, why: 'has Express among its doors, which makes code of strings' })),
    {
      file: 'test/receiver/webhook-server.test.ts',
      why: 'needs the maxHeaderSize of node:http, which workerd does not implement',
    },
    ...[
      'test/events/round-trip.test.ts',
      'test/keys/doh-keys.test.ts',
      'test/receiver/mutations.test.ts',
      'test/doors/fetch-over-node.test.ts',
      'test/attack/mutations.test.ts',
    ].map((file) => ({ file, why: 'calls a server of its own over a socket' })),
    { file: 'test/keys/ed25519-fallback.test.ts', why: 'starts processes' },
    {
      file: 'packages/events/src/form-body.test.ts',
      tests: ['nothing of a form is lost > a body over 256 MiB is not looked at'],
      leftOut: true,
      why: 'so large a body takes more than 20 seconds in workerd',
    },
    {
      file: 'test/events/types.test.ts',
      tests: ['handlers see what the schemas of zod, valibot and arktype give', 'without schemas fields are what came'],
      why: 'gives a receiver no keys, and in a Worker there is no DNS',
    },
    { file: 'packages/verify/src/verified-call.test.ts', why: withPromises },
    {
      file: 'packages/verify/src/body-checks.test.ts',
      tests: [
        'a body > is not let through when nothing is there to compare it with',
        'a body > that is not there is none',
      ],
      leftOut: true,
      why: withPromises,
    },
    {
      file: 'packages/verify/src/content-verifier.test.ts',
      tests: ['a page > is verified without a promise while the key is cached, and as often as it is asked for'],
      why: withPromises,
    },
    {
      file: 'packages/verify/src/verify-request.test.ts',
      tests: ['a genuine call > is verified without a promise while the key is cached'],
      why: withPromises,
    },
    {
      file: 'packages/verify/src/node-crypto.test.ts',
      tests: ["Node's own cryptography > makes its keys of those of WebCrypto, and of JWKs"],
      why: 'exports a key, and workerd gives alg, ext and key_ops besides',
    },
    {
      file: 'packages/verify/src/settings.test.ts',
      tests: ['settings > take a JWK set for pinned keys'],
      why: 'exports a public key, and workerd gives its private members too',
    },
    {
      file: 'packages/verify/src/settings.test.ts',
      tests: [
        'a verifier of which nothing but the endpoints is said > goes by the URL that came, five minutes in each direction, the clock, and keys below copernica.com',
        'a verifier of which nothing but the endpoints is said > has keys and a memory of its own',
      ],
      why: 'gives no keys, and in a Worker there is no DNS',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['node', 'webcrypto'].map((engine) => `an RSA key, by ${engine}, > takes PKCS#1 v1.5 with SHA-256 alone`),
      why: 'signs with PSS, and the sign of workerd takes no padding beside a key',
    },
    {
      file: 'packages/verify/src/verify-request.test.ts',
      tests: ['explain > says what to do about a failure'],
      why: 'the small build leaves the remedies out, and names docs/errors.md',
    },
    {
      file: 'packages/events/src/form-body-lean.test.ts',
      tests: ['the form decoder of a Worker > does not look at a body over 256 MiB'],
      leftOut: true,
      why: 'so large a body takes more than 20 seconds in workerd',
    },
    {
      file: 'packages/verify/src/dkim-record.test.ts',
      tests: [
        'a record > may have 16,384 characters',
        'a record > may have 64 tags',
        'a record > may have names of letters, digits and underscores',
        'a record > may have a semicolon and white space at its end',
        'a record > may have equals signs in a value',
        'a record > may have white space inside its base64',
        'a record > may have hashes in any case, and white space round them',
      ],
      why: 'expects a Buffer, where the small build has a Uint8Array',
    },
    {
      file: 'packages/verify/src/pinned-keys.test.ts',
      tests: ['pinned keys > that turn out not to be usable refuse calls'],
      why: 'workerd refuses such a JWK itself, before anything of it is looked at',
    },
    {
      file: 'packages/verify/src/remembered.test.ts',
      tests: ['what genuine calls have in common > is never what a refused call has'],
      leftOut: true,
      why: 'the small build remembers nothing of a call; one that is refused is refused by a promise',
    },
    {
      file: 'packages/verify/src/remembered.test.ts',
      tests: [
        'what genuine calls have in common > is read once: the next call is known by it',
        'what genuine calls have in common > is read anew where it differs, and calls of both kinds stay known',
        'what genuine calls have in common > is forgotten when eight newer kinds have come',
        'what genuine calls have in common > is the last date alone',
        'what genuine calls have in common > is no Signature header that would not be known again',
      ],
      why: 'the small build remembers nothing of a call',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: [
        'an RSA key, by node, > is imported from a SubjectPublicKeyInfo and verifies',
        'an RSA key, by node, > is imported from a RSAPublicKey and verifies',
        'an RSA key, by node, > is imported from a SubjectPublicKeyInfo with bytes behind it and verifies',
        'an RSA key, by node, > is imported from a JWK, under the same thumbprint',
        'an Ed25519 key, by node, > is that of RFC 8463, and verifies',
      ],
      why: 'the small build does not verify by node:crypto',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['an RSA key > of a record, smaller than 1024 bits, is refused'],
      why: 'workerd makes a key of 896 bits where one of 1016 is asked for',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: [
        'an RSA key > with the exponent 0xffffffff is imported',
        'an RSA key > with the exponent 0x, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x00, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x01, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x02, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x04, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x010000, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0xfffffffe, which is too small, even or too large, is refused',
        'an RSA key > with the exponent 0x0100000001, which is too small, even or too large, is refused',
        'an RSA key > with an exponent that is not base64url, "AQAB=", is refused',
        'an RSA key > with an exponent that is not base64url, "!", is refused',
      ],
      why: 'workerd refuses such a JWK itself, before its exponent is looked at',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: [
        'an Ed25519 key > is used at once where nothing else was asked for',
        'hashes as node:crypto does, and at once',
      ],
      why: 'takes answers at once, and WebCrypto gives promises',
    },
    {
      file: 'packages/verify/src/signature-algorithm.test.ts',
      tests: ['a JWK is refused > when it is of another kind'],
      why: 'exports a public key, and workerd gives its private members too',
    },
  ],
};
