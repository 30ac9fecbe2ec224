import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Call } from './call.js';
import { headChecks } from './checks.js';
import { WebhookRejectedError } from './errors.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import {
  type CallParts,
  endpoint,
  keyId,
  keyPair,
  now,
  otherKeyPair,
  signedCall,
  sourceWith,
} from './signed-call.testing.js';
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

describe('what genuine calls have in common', () => {
  const settings = () => readSettings({ endpoints: [endpoint], keys, clock: () => now });
  const covered = ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'];

  function judged(over: ReturnType<typeof settings>, request: SignedRequest): Call {
    const call = new Call(over, request);
    runChecks(headChecks, call);
    return call;
  }

  it('is read once: the next call is known by it', () => {
    const over = settings();
    const first = judged(over, signedCall());
    expect(over.remembered.lastDate).toEqual({ text: new Date(now).toUTCString(), instant: now });
    const { lastDate } = over.remembered;
    const second = judged(over, signedCall({ body: Buffer.from('another') }));
    expect(second.lines.layout).toBe(first.lines.layout);
    expect(second.frame).toBe(first.frame);
    expect(second.signature).not.toEqual(first.signature);
    expect(second.names).toBe(first.names);
    expect(second.keyId).toBe(keyId);
    expect(over.remembered.frames).toEqual([first.frame]);
    expect(over.remembered.lastDate).toBe(lastDate);
  });

  it('is read anew where it differs, and calls of both kinds stay known', () => {
    const over = settings();
    const one = judged(over, signedCall());
    const other = judged(over, signedCall({ list: covered }));
    expect(over.remembered.frames).toEqual([other.frame, one.frame]);
    expect(judged(over, signedCall()).frame).toBe(one.frame);
    expect(judged(over, signedCall({ list: covered })).frame).toBe(other.frame);
    const respelled = signedCall({ finish: (headers) => [...headers, ['Accept', 'a']] });
    const apart = judged(over, respelled);
    expect(apart.lines.layout).not.toBe(one.lines.layout);
    expect(judged(over, respelled).lines.layout).toBe(apart.lines.layout);
    expect(judged(over, signedCall()).lines.layout).toBe(one.lines.layout);
  });

  it('is forgotten when eight newer kinds have come', () => {
    const over = settings();
    const kind = (number: number): Partial<CallParts> => ({
      list: [...covered, `x-${number}`],
      finish: (headers) => headers.toSpliced(0, 0, [`X-${number}`, 'a']),
      lines: { [`x-${number}`]: 'a' },
    });
    const first = judged(over, signedCall(kind(0)));
    for (let number = 1; number < 8; number++) judged(over, signedCall(kind(number)));
    expect(over.remembered.frames).toHaveLength(8);
    expect(over.remembered.layoutOf(signedCall(kind(0)).headers)).toBe(first.lines.layout);
    judged(over, signedCall(kind(8)));
    expect(over.remembered.frames).toHaveLength(8);
    expect(over.remembered.frames).not.toContain(first.frame);
    expect(over.remembered.layoutOf(signedCall(kind(0)).headers)).not.toBe(first.lines.layout);
  });

  it('is the last date alone', () => {
    const over = settings();
    const dated = (at: number) =>
      signedCall({
        headers: signedCall()
          .headers.slice(0, -2)
          .reduce<[string, string][]>((pairs, text, i, all) => {
            if (i % 2 === 0) pairs.push([text, text === 'Date' ? new Date(at).toUTCString() : (all[i + 1] ?? '')]);
            return pairs;
          }, []),
      });
    expect(judged(over, dated(now - 1000)).date).toBe(now - 1000);
    expect(judged(over, dated(now)).date).toBe(now);
    expect(over.remembered.lastDate).toEqual({ text: new Date(now).toUTCString(), instant: now });
  });

  it('is never what a refused call has', () => {
    const over = settings();
    const request = signedCall({ privateKey: otherKeyPair.privateKey });
    expect(() => judged(over, request)).toThrow(WebhookRejectedError);
    expect([over.remembered.frames, over.remembered.lastDate]).toEqual([[], undefined]);
    expect(over.remembered.layoutOf(request.headers)).not.toBe(over.remembered.layoutOf(request.headers));
  });

  it('is no Signature header that would not be known again', () => {
    const over = settings();
    const request = signedCall();
    const headers = request.headers.map((text) => text.replace(/(?<=signature=")(.{60})/, '$1 '));
    expect(judged(over, { ...request, headers }).key).toBeDefined();
    expect(over.remembered.frames).toEqual([]);
    expect(over.remembered.layoutOf(headers)).toBe(over.remembered.layoutOf(headers));
  });
});

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
