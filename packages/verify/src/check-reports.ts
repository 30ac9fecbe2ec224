import { decodeBase64, encodeHex } from '#octets';
import type { Call } from './call.js';
import type { Evidence } from './errors.js';

/** A check was ready: what it needs is there. */
export type Ready = Call & {
  [K in 'host' | 'keyId' | 'signingString' | 'body' | 'digest' | 'bodySha256']: NonNullable<Call[K]>;
};

/** What a report says of one check. */
export interface CheckReporting {
  /** What holds when it passes, for people. */
  readonly title: string;
  /** Whether what it needs of the checks before is there: a report goes on after a failure. */
  readonly ready?: (call: Call) => boolean;
  /** What was seen, once the check was ready and has run. */
  readonly seen?: (call: Ready) => Evidence;
}

/** By the check's id. Apart from the checks, so that whoever never asks for a report does not load it. */
export const reporting: Readonly<Record<string, CheckReporting>> = {
  'request-line': { title: 'The request line is one that can be signed' },
  transport: { title: 'The call came over HTTPS', seen: ({ head }) => ({ secure: head.secure }) },
  'required-headers': { title: 'Signature, Digest, Host, Date and X-Copernica-ID are there exactly once' },
  host: {
    title: 'The Host is that of a configured URL',
    ready: ({ host }) => host !== undefined,
    seen: ({ host }) => ({ received: host }),
  },
  path: { title: 'The path is that of a configured URL', seen: ({ path }) => ({ received: path }) },
  identity: {
    title: 'The X-Copernica-ID is that of the endpoint',
    ready: isThere('x-copernica-id'),
    seen: ({ lines }) => ({ received: lines.one('x-copernica-id') }),
  },
  date: {
    title: 'The Date is a recent one',
    ready: isThere('date'),
    seen: ({ lines, now }) => ({ received: lines.one('date'), here: new Date(now).toUTCString() }),
  },
  'signature-header': { title: 'The Signature header can be read', ready: isThere('signature') },
  algorithm: {
    title: 'No algorithm is named that is never accepted',
    ready: isRead,
    seen: ({ header }) => ({ received: header.algorithm ?? 'none named' }),
  },
  coverage: {
    title: 'The signature covers (request-target), host, date, x-copernica-id, digest',
    ready: isRead,
    seen: ({ header }) => ({ covered: header.headers?.split(/\s+/) ?? [] }),
  },
  'covered-headers': {
    title: 'Every header that the signature covers is there exactly once',
    ready: ({ names, endpoint }) => names !== undefined && endpoint !== undefined,
  },
  'signature-time': { title: '(created) and (expires), where they are used, are in bounds', ready: isRead },
  'key-id': {
    title: 'The keyId is a name of the vendor',
    ready: ({ header }) => header.keyId !== undefined,
    seen: ({ header }) => ({ received: header.keyId as string }),
  },
  'digest-header': { title: 'The Digest header holds a SHA-256 or SHA-512 value', ready: isThere('digest') },
  key: {
    title: 'The keyId has a usable public key',
    ready: ({ keyId }) => keyId !== undefined,
    seen: ({ keyId, found }) => ({
      keyId,
      thumbprints: found?.keys.map((one) => one.thumbprint) ?? [],
      bits: found?.keys[0]?.bits ?? 0,
      stale: found?.stale ?? false,
    }),
  },
  signature: {
    title: 'The signature is that of the signing string under the key',
    ready: ({ found, signature, signingString }) =>
      found !== undefined && signature !== undefined && signingString !== undefined,
    seen: ({ signingString, key }) => ({ signingString, keyThumbprint: key?.thumbprint ?? 'none' }),
  },
  'digest-match': {
    title: 'Every SHA-256 and SHA-512 value of the Digest header is that of the body',
    ready: ({ digest, body }) => digest !== undefined && body !== undefined,
    seen: ({ body, digest, bodySha256 }) => ({
      bodyBytes: body.length,
      received: digest.values.map((one) => `${one.algorithm}:${hexOf(one.base64)}`),
      computedSha256: hexOf(bodySha256),
    }),
  },
};

function isThere(header: string): (call: Call) => boolean {
  return ({ lines }) => typeof lines.get(header) === 'string';
}

/** The Signature header was. */
function isRead({ frame }: Call): boolean {
  return frame !== undefined;
}

/** As people see hashes elsewhere. */
function hexOf(base64: string): string {
  return encodeHex(decodeBase64(base64) ?? new Uint8Array());
}
