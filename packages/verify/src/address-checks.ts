import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import type { ConfiguredEndpoint } from './configured-endpoint.js';
import type { RejectionCode } from './errors.js';
import { normalizeHost } from './host.js';
import { parseIdentity } from './identity.js';

/** Origin form (RFC 9112 section 3.2.1) without white space and controls; octets above 0x7F are let through as they came. */
const originForm = /^\/[\x21-\x7e\x80-\xff]*$/;
const methodToken = /^[A-Za-z]{1,32}$/;

export const requestLine: Check = {
  id: 'request-line',
  run: ({ head }) =>
    methodToken.test(head.method) && originForm.test(head.target)
      ? undefined
      : { code: 'ERR_HEADER_INVALID', evidence: { part: 'request line' } },
};

export const transport: Check = {
  id: 'transport',
  run(call) {
    if (call.head.secure) return undefined;
    const ours = call.candidates.filter((candidate) => !candidate.secure);
    if (ours.length === 0) return { code: 'ERR_INSECURE_TRANSPORT', evidence: { received: 'http' } };
    call.candidates = ours;
    return undefined;
  },
};

const requiredOnce = (requiredHeaders: readonly string[]): Check => ({
  id: 'required-headers',
  run(call) {
    const { lines } = call;
    call.host = lines.get('host') ?? undefined;
    if (requiredHeaders.every((name) => typeof lines.get(name) === 'string')) return undefined;
    const missing = requiredHeaders.filter((name) => lines.get(name) === undefined);
    if (missing.length > 0) return { code: 'ERR_HEADER_MISSING', evidence: { missing } };
    const repeated = requiredHeaders.filter((name) => lines.get(name) === null);
    return { code: 'ERR_HEADER_REPEATED', evidence: { repeated } };
  },
});

export const requiredHeadersOnce = requiredOnce(['signature', 'digest', 'host', 'date', 'x-copernica-id']);
export const requiredHeadersOfPages = requiredOnce(['signature', 'host', 'date', 'x-copernica-id']);

export const host: Check = {
  id: 'host',
  run(call) {
    if (call.settings.signedUrl === 'configured') return undefined;
    const received = call.host ?? '';
    return keepOnly(
      call,
      'ERR_HOST_MISMATCH',
      received,
      (one) => hasHost(one, received),
      (one) => one.host,
    );
  },
};

export const path: Check = {
  id: 'path',
  run(call) {
    if (call.settings.signedUrl === 'configured') return undefined;
    const received = call.path;
    return keepOnly(call, 'ERR_PATH_MISMATCH', received, (one) => one.paths.includes(received), firstPath);
  },
};

export const identity: Check = {
  id: 'identity',
  run(call) {
    const received = call.lines.get('x-copernica-id') ?? '';
    const failure = keepOnly(
      call,
      'ERR_IDENTITY_MISMATCH',
      received,
      (one) => hasIdentity(one, received),
      (one) => one.identity,
    );
    if (failure !== undefined) return failure;
    const ours = call.candidates.length === 1 ? call.candidates : tellApart(call.candidates, call);
    if (ours.length > 1) return { code: 'ERR_ENDPOINT_AMBIGUOUS', evidence: { endpoints: ours.length } };
    call.candidates = ours;
    return undefined;
  },
};

/** Keeps the endpoints that the call can still be for; a failure that says what was expected where there are none. */
export function keepOnly(
  call: Call,
  code: RejectionCode,
  received: string,
  holds: (one: ConfiguredEndpoint) => boolean,
  expectedOf: (one: ConfiguredEndpoint) => string,
): Failure | undefined {
  // Mostly all of them are kept, and there is one.
  if (call.candidates.every(holds)) return undefined;
  const ours = call.candidates.filter(holds);
  if (ours.length === 0) {
    return { code, evidence: { received, expected: [...new Set(call.candidates.map(expectedOf))] } };
  }
  call.candidates = ours;
  return undefined;
}

/** The path as a URL parser writes it. */
export function firstPath({ paths }: ConfiguredEndpoint): string {
  return paths[0] ?? '';
}

/** The one that the call came by, of several endpoints of one identity. */
function tellApart(several: Call['candidates'], call: Call): Call['candidates'] {
  // The same URL in http and https.
  let ours = narrow(several, (candidate) => candidate.secure === call.head.secure);
  // Only where a proxy may have rewritten Host and path are several left; what it did not rewrite tells them apart.
  ours = narrow(ours, (candidate) => candidate.paths.includes(call.path));
  return narrow(ours, (candidate) => hasHost(candidate, call.host ?? ''));
}

function narrow<T>(list: readonly T[], holds: (one: T) => boolean): readonly T[] {
  const kept = list.filter(holds);
  return kept.length > 0 ? kept : list;
}

function hasIdentity(candidate: ConfiguredEndpoint, received: string): boolean {
  // A configured identity is in the one spelling already, and mostly so is the one that came.
  return received === candidate.identity || parseIdentity(received) === candidate.identity;
}

function hasHost(candidate: ConfiguredEndpoint, received: string): boolean {
  return received === candidate.host || normalizeHost(received, candidate.defaultPort) === candidate.host;
}
