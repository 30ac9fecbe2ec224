import { describe, expect, it } from 'vitest';
import { WebhookRejectedError } from './errors.js';
import {
  type CallParts,
  endpoint,
  keyId,
  keyPair,
  now,
  signedCall,
  sourceWith,
  withHeader,
} from './signed-call.testing.js';
import type { SignedRequest } from './signed-request.js';
import type { VerifierOptions } from './verifier.js';
import { createVerifier } from './verify-request.js';

const keys = await sourceWith(keyPair.publicKey);
const verifierWith = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ endpoints: [endpoint], keys, clock: () => now, ...options });

/** What a refused call is refused with; `accepted` for one that is not. */
async function refusal(request: SignedRequest, options?: Partial<VerifierOptions>): Promise<unknown> {
  try {
    await verifierWith(options).verify(request);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof WebhookRejectedError)) throw error;
    return [error.check, error.code, error.evidence];
  }
}

/** What a report, which goes on after a failure, says of one check. */
async function report(id: string, request: SignedRequest): Promise<unknown> {
  const { checks } = await verifierWith().explain(request);
  const { result, evidence } = checks.find((check) => check.id === id) ?? {};
  return [result, evidence];
}

const covered = ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'];
const genuine = signedCall();

/** A call with another value of one header, signed over it. */
function callWith(name: string, value: string, change: Partial<CallParts> = {}): SignedRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i < genuine.headers.length - 2; i += 2) {
    const [header = '', old = ''] = genuine.headers.slice(i, i + 2);
    headers.push([header, header === name ? value : old]);
  }
  return signedCall({ headers, ...change });
}
const withSignature = (change: (value: string) => string, request = genuine) =>
  withHeader(request, 'signature', change);

describe('the Date', () => {
  const toleranceSeconds = { past: 60, future: 10 };
  const here = new Date(now).toUTCString();
  const dated = (seconds: number) => callWith('Date', new Date(now + seconds * 1000).toUTCString());

  it('that cannot be read is shown', async () => {
    expect(await refusal(callWith('Date', 'now'))).toEqual(['date', 'ERR_DATE_INVALID', { received: 'now' }]);
  });

  it.each([
    [-61, 'ERR_DATE_TOO_OLD', 60],
    [11, 'ERR_DATE_IN_FUTURE', 10],
  ])('of %i seconds from now is refused with both clocks, the age and what is allowed', async (from, code, allowed) => {
    const received = new Date(now + from * 1000).toUTCString();
    expect(await refusal(dated(from), { toleranceSeconds })).toEqual([
      'date',
      code,
      { received, here, ageSeconds: -from, allowedSeconds: allowed },
    ]);
  });

  it.each([-60, 10])('of %i seconds from now is at the edge', async (from) => {
    expect(await refusal(dated(from), { toleranceSeconds })).toBe('accepted');
  });

  it('has an age in whole seconds', async () => {
    expect(await refusal(dated(-61), { toleranceSeconds, clock: () => now + 999 })).toMatchObject([
      'date',
      'ERR_DATE_TOO_OLD',
      { ageSeconds: 61 },
    ]);
  });

  it('is refused by a clock that gives no number', async () => {
    expect(await refusal(genuine, { clock: () => Number.NaN })).toMatchObject(['date', 'ERR_DATE_TOO_OLD', {}]);
  });
});

describe('the Signature header', () => {
  const refused = (evidence: object) => ['signature-header', 'ERR_SIGNATURE_HEADER_INVALID', evidence];

  it.each<[string, string, object]>([
    ['a parameter twice', 'keyId="k",keyId="k"', { problem: 'the parameter keyid came twice', at: 10 }],
    ['no keyId', 'signature="Zm9v"', { problem: 'the parameter keyId is missing' }],
    ['no signature', 'keyId="k"', { problem: 'the parameter signature is missing' }],
    ['neither', 'algorithm="rsa-sha256"', { problem: 'the parameter keyId is missing' }],
    ['an empty signature', 'keyId="k",signature=""', { problem: 'the signature is not base64' }],
    ['a signature of white space', 'keyId="k",signature=" \t"', { problem: 'the signature is not base64' }],
    ['a signature of another alphabet', 'keyId="k",signature="Zm-_"', { problem: 'the signature is not base64' }],
    ['a signature without its padding', 'keyId="k",signature="Zm8"', { problem: 'the signature is not base64' }],
  ])('with %s is refused, and it is said what is wrong', async (_, text, evidence) => {
    expect(await refusal(withSignature(() => text))).toEqual(refused(evidence));
  });

  it.each([' ', '\t', '\r', '\n'])('may hold a signature that is wrapped with %j', async (space) => {
    const wrapped = withSignature((value) => value.replace(/(?<=signature=")(.{60})(.{60})/, `$1${space}$2${space}`));
    expect(await refusal(wrapped)).toBe('accepted');
  });
});

describe('the algorithm', () => {
  it.each(['RSA-SHA256', 'Hs2019'])('%s is accepted in any case', async (algorithm) => {
    expect(await refusal(signedCall({ parameters: { keyId, algorithm } }))).toBe('accepted');
  });

  it.each(['rsa-sha1', 'hmac-sha256', ''])('%j is refused, and said to be so', async (algorithm) => {
    expect(await refusal(signedCall({ parameters: { keyId, algorithm } }))).toEqual([
      'algorithm',
      'ERR_ALGORITHM_REFUSED',
      { received: algorithm, expected: 'rsa-sha256' },
    ]);
  });

  it('is told by a report, or that none is named', async () => {
    expect(await report('algorithm', genuine)).toEqual(['passed', { received: 'rsa-sha256' }]);
    expect(await report('algorithm', signedCall({ parameters: { keyId } }))).toEqual([
      'passed',
      { received: 'none named' },
    ]);
  });
});

describe('the list of what is covered', () => {
  it('is refused when it cannot be read', async () => {
    expect(await refusal(withSignature((value) => value.replace('headers="', 'headers="host: ')))).toEqual([
      'coverage',
      'ERR_SIGNATURE_HEADER_INVALID',
      { problem: 'the list of headers cannot be read' },
    ]);
  });

  it('is refused with the names that are missing, before one that is listed twice', async () => {
    expect(await refusal(signedCall({ list: ['host', 'date', 'host'] }))).toEqual([
      'coverage',
      'ERR_SIGNATURE_COVERAGE',
      { missing: ['(request-target)', 'x-copernica-id', 'digest'] },
    ]);
  });

  it('is refused with the name that is listed twice', async () => {
    expect(await refusal(signedCall({ list: [...covered, 'Host'] }))).toEqual([
      'coverage',
      'ERR_SIGNATURE_LIST_INVALID',
      { name: 'host', problem: 'listed twice' },
    ]);
  });

  it('is told by a report as it came', async () => {
    const spaced = withSignature((value) => value.replace('host date', 'Host \n\t date'));
    const list = ['(request-target)', 'Host', 'date', 'content-length', 'content-type', 'x-copernica-id', 'digest'];
    expect(await report('coverage', spaced)).toEqual(['passed', { covered: [...list, 'x-nonce'] }]);
    const none = withSignature((value) => value.replace(/headers="[^"]*",/, ''));
    expect(await report('coverage', none)).toMatchObject(['failed', { covered: [] }]);
  });
});

describe('a covered header', () => {
  const invalid = (name: string) => ['covered-headers', 'ERR_HEADER_INVALID', { part: name }];
  const unfit = (name: string, problem: string) => ['covered-headers', 'ERR_SIGNATURE_LIST_INVALID', { name, problem }];

  it.each(['\t', ' ', '~', '\x80', '\xff'])('may hold %j', async (character) => {
    expect(await refusal(callWith('X-Nonce', `a${character}b`))).toBe('accepted');
  });

  it.each(['\0', '\x08', '\n', '\x0b', '\r', '\x1f', '\x7f', '\u0100', '\u{1f600}'])(
    'that holds %j is refused',
    async (character) => {
      expect(await refusal(callWith('X-Nonce', `a${character}b`))).toEqual(invalid('x-nonce'));
      expect(await refusal(callWith('X-Nonce', `${character}a`))).toEqual(invalid('x-nonce'));
    },
  );

  it('that is not there is named', async () => {
    const list = [...covered, 'x-absent'];
    expect(await refusal(signedCall({ list, lines: { 'x-absent': '' } }))).toEqual(unfit('x-absent', 'is not there'));
  });

  it('that came twice is named, before one that is not there', async () => {
    const list = [...covered, 'x-absent', 'x-nonce'];
    const finish: CallParts['finish'] = (headers) => [...headers, ['x-nonce', 'fsd9f2']];
    expect(await refusal(signedCall({ list, finish, lines: { 'x-absent': '' } }))).toEqual(
      unfit('x-nonce', 'came more than once'),
    );
  });

  it('that holds what it must not is named, before one that is not there', async () => {
    const list = [...covered, 'x-absent', 'x-nonce'];
    expect(await refusal(callWith('X-Nonce', 'a\nb', { list, lines: { 'x-absent': '' } }))).toEqual(invalid('x-nonce'));
  });

  it('is never a line that calls itself a parameter of the signature', async () => {
    const list = [...covered, '(created)'];
    const created = String(now / 1000);
    const finish: CallParts['finish'] = (headers) => [...headers, ['(created)', created]];
    expect(await refusal(signedCall({ list, finish, lines: { '(created)': created } }))).toEqual(
      unfit('(created)', 'is not there'),
    );
  });
});

describe('the time in the signature', () => {
  const seconds = now / 1000;
  const toleranceSeconds = { past: 60, future: 10 };
  const hs2019 = { keyId, algorithm: 'hs2019' };
  const timed = (parameters: Record<string, string>, algorithm = 'hs2019') =>
    withSignature(
      (value) =>
        `${value},${Object.entries(parameters)
          .map(([name, text]) => `${name}="${text}"`)
          .join(',')}`,
      signedCall({ parameters: { keyId, algorithm } }),
    );
  const refused = (problem: string) => ['signature-time', 'ERR_SIGNATURE_TIME', { problem }];

  it.each<[string, Record<string, string>]>([
    ['created at the edge of the past', { created: `${seconds - 60}` }],
    ['created at the edge of the future', { created: `${seconds + 10}` }],
    ['created a part of a second ago', { created: `${seconds - 1}.123456789` }],
    ['expiring this very moment', { expires: `${seconds}` }],
    ['expiring in a long time', { expires: '999999999999' }],
    ['created and expiring', { created: `${seconds}`, expires: `${seconds + 1}` }],
  ])('%s is accepted, under rsa-sha256 too while it is not covered', async (_, parameters) => {
    expect(await refusal(timed(parameters), { toleranceSeconds })).toBe('accepted');
    expect(await refusal(timed(parameters, 'rsa-sha256'), { toleranceSeconds })).toBe('accepted');
  });

  it.each<[string, Record<string, string>]>([
    ['created too long ago', { created: `${seconds - 61}` }],
    ['created in the future', { created: `${seconds + 11}` }],
    ['created in the future', { created: '999999999999' }],
    ['expired', { expires: `${seconds - 1}` }],
    ['expired', { created: `${seconds}`, expires: `${seconds - 1}` }],
    ['expired', { expires: '0' }],
  ])('%s is refused: %j', async (problem, parameters) => {
    expect(await refusal(timed(parameters), { toleranceSeconds })).toEqual(refused(problem));
  });

  it.each(['', 'now', '-1', '1e9', '0x1', '.5', '5.', '5,5', ' 5', '5 ', '1000000000000', '1.0000000000', '5\n'])(
    '%j is no number of seconds',
    async (text) => {
      expect(await refusal(timed({ created: text }))).toEqual(refused('not a number of seconds'));
      expect(await refusal(timed({ expires: text }))).toEqual(refused('not a number of seconds'));
    },
  );

  const line = { created: String(seconds), expires: String(seconds + 60) };
  it.each(['created', 'expires'] as const)('(%s) is covered under hs2019 and later alone', async (name) => {
    const call = (parameters: Record<string, string>) =>
      signedCall({
        list: [...covered, `(${name})`],
        lines: { [`(${name})`]: line[name] },
        parameters: { ...parameters, [name]: line[name] },
      });
    expect(await refusal(call(hs2019))).toBe('accepted');
    expect(await refusal(call({ keyId }))).toBe('accepted');
    expect(await refusal(call({ keyId, algorithm: 'rsa-sha256' }))).toEqual(refused('not allowed with rsa-sha256'));
    for (const algorithm of ['RSA-SHA512', 'hmac-sha256', 'ECDSA-sha256']) {
      expect(await report('signature-time', call({ keyId, algorithm }))).toEqual([
        'failed',
        { problem: `not allowed with ${algorithm}` },
      ]);
    }
    expect(await report('signature-time', call({ keyId, algorithm: 'x-rsa' }))).toEqual(['passed', {}]);
  });

  it('is not there to be judged where it is listed alone, or given alone', async () => {
    const listed = signedCall({ list: [...covered, '(created)'], lines: { '(created)': '' } });
    expect(await report('covered-headers', listed)).toEqual(['failed', { name: '(created)', problem: 'is not there' }]);
    expect(await report('signature-time', listed)).toEqual(['passed', {}]);
    const given = signedCall({ list: ['host', '(created)'], parameters: { keyId, algorithm: 'rsa-sha256', ...line } });
    expect(await report('coverage', given)).toMatchObject(['failed', {}]);
    expect(await report('signature-time', given)).toEqual(['passed', {}]);
  });
});

describe('the keyId', () => {
  it('of another domain is shown beside what was expected', async () => {
    const request = signedCall({ parameters: { keyId: 'one.example' } });
    const expected = 'a host name below copernica.com';
    expect(await refusal(request)).toEqual(['key-id', 'ERR_KEY_ID_INVALID', { received: 'one.example', expected }]);
    expect(await refusal(genuine, { keyZone: 'other.example' })).toEqual([
      'key-id',
      'ERR_KEY_ID_INVALID',
      { received: keyId, expected: 'a host name below other.example' },
    ]);
  });
});

describe('the Digest', () => {
  it('that cannot be read is refused, and it is said why', async () => {
    expect(await refusal(callWith('Digest', 'SHA-256=x'))).toEqual([
      'digest-header',
      'ERR_DIGEST_HEADER_INVALID',
      { problem: 'the sha-256 value is not base64 of 32 octets' },
    ]);
  });

  it('of weak algorithms alone is refused with their names', async () => {
    expect(await refusal(callWith('Digest', 'MD5=x, sha=y'))).toEqual([
      'digest-header',
      'ERR_DIGEST_WEAK',
      { received: ['md5', 'sha'] },
    ]);
  });
});
