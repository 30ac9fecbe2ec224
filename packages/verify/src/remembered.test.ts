import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WebhookRejectedError } from './errors.js';
import { endpoint, keyPair, now, otherKeyPair, signedCall, sourceWith } from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import type { Verifier } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const fresh = () => createVerifier({ endpoints: [endpoint], keys, clock: () => now });

async function outcome(verifier: Verifier, request: SignedRequest): Promise<string> {
  try {
    const { eventKey, keyId } = await verifier.verify(request, { receivedAt: new Date(now) });
    return `${eventKey} ${keyId}`;
  } catch (error) {
    if (!(error instanceof WebhookRejectedError)) throw error;
    return `${error.code} ${error.check} ${JSON.stringify(error.evidence)}`;
  }
}

type Change = (headers: string[], line: number, other: number) => void;

/** A header is its name and its value; lines are counted by these. */
const changes: Record<string, Change> = {
  nothing: () => {},
  'a line twice': (headers, line) => headers.push(headers[line] ?? '', headers[line + 1] ?? ''),
  'a line gone': (headers, line) => headers.splice(line, 2),
  'two names exchanged': (headers, line, other) => {
    [headers[line], headers[other]] = [headers[other] ?? '', headers[line] ?? ''];
  },
  'two values exchanged': (headers, line, other) => {
    [headers[line + 1], headers[other + 1]] = [headers[other + 1] ?? '', headers[line + 1] ?? ''];
  },
  'two lines exchanged': (headers, line, other) => {
    const [name, value] = headers.slice(line, line + 2);
    headers.splice(line, 2, ...headers.slice(other, other + 2));
    headers.splice(other, 2, name ?? '', value ?? '');
  },
  'a name in capitals': (headers, line) => {
    headers[line] = headers[line]?.toUpperCase() ?? '';
  },
  'a value in capitals': (headers, line) => {
    headers[line + 1] = headers[line + 1]?.toUpperCase() ?? '';
  },
  'a blank at the end': (headers, line) => {
    headers[line + 1] += ' ';
  },
  'a line feed in a value': (headers, line) => {
    headers[line + 1] += '\nx: y';
  },
  'a line besides': (headers) => headers.unshift('X-Request-Id', '1'),
  'another signature': (headers) => {
    const forged = signedCall({ privateKey: otherKeyPair.privateKey }).headers;
    headers[15] = forged[15] ?? '';
  },
  'less covered': (headers) => {
    headers[15] = headers[15]?.replace(' digest', '') ?? '';
  },
  'a foreign keyId': (headers) => {
    headers[15] = headers[15]?.replace('copernica.com', 'example.com') ?? '';
  },
  'another keyId': (headers) => {
    headers[15] = headers[15]?.replace('one._domainkey', 'two._domainkey') ?? '';
  },
};

it('what a verifier has seen changes no judgement: it says of any call what a new one says', async () => {
  const seasoned = fresh();
  const seen = new Set<string>();
  const step = fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.nat({ max: 7 }), fc.nat({ max: 7 }));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 3 }), fc.array(step, { maxLength: 3 }), async (number, steps) => {
      const genuine = signedCall({ body: Buffer.from(`{"number":${number}}`) });
      await outcome(seasoned, genuine);
      const headers = [...genuine.headers];
      for (const [name, line, other] of steps) changes[name]?.(headers, 2 * line, 2 * other);
      const request = { ...genuine, headers };
      const expected = await outcome(fresh(), request);
      seen.add(expected.split(' ')[0] ?? '');
      // Twice, since what is refused must leave nothing behind either.
      for (let again = 0; again < 2; again++) expect(await outcome(seasoned, request)).toBe(expected);
    }),
    { seed: 20261124, numRuns: 2_000 },
  );
  // Otherwise the property would say little.
  expect(seen.size).toBeGreaterThan(10);
}, 60_000);
