import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTestKey, type SignOptions } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { call, id, key, keyId, send, url, wire } from '../vendor.testing.js';
import { accidentProxy, type Passing, setBody, setHeader } from './accident-proxy.testing.js';
import { listen } from './listen.testing.js';
import { emptyFolder, keyFile, keyServer, type RunOptions, run } from './process.testing.js';

interface Report {
  ok: boolean;
  genuine: boolean;
  code?: string;
  message?: string;
  hint?: string;
  cause: { id: string; proven: boolean; detail: string | null } | null;
  checks: { id: string; result: string; evidence: Record<string, unknown> }[];
  signingString: { name: string; received: string | null; signed: string | null }[];
  key: { name: string; records: { ttl: number; thumbprint: string }[]; madeTheSignature: boolean | null };
  call: { format: string; notes: string[] };
}

const publicKey = () => keyFile(key.publicKeyPem);
const addressed = ['--id', id, '--url', url];
/** Like those of real life: no address that is reserved for examples. */
const body =
  '{"id":"abc/1","type":"open","time":1760000000,"recipient":"someone@smtpeter.com","useragent":"A \\"quoted\\" téxt"}';

async function report(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Report & { exitCode: number | null }> {
  const result = await run(['verify', ...args, '--json'], options);
  expect(result.stdout, result.stderr).not.toBe('');
  return { ...(JSON.parse(result.stdout) as Report), exitCode: result.code };
}

interface Accident {
  readonly happen?: (call: Passing) => void;
  readonly sign?: Partial<SignOptions>;
  readonly send?: { readonly forwardedProto: false };
  readonly verify?: readonly string[];
  /** Cause, and whether it is proven. */
  readonly named: string;
}

const hours = 3_600_000;
const stranger = createTestKey();
const setTarget = (target: string) => (passing: Passing) => {
  passing.target = target;
};

/** Everything that issues of users are about, made for real by a proxy. */
const accidents: Record<string, Accident> = {
  'JSON parsed and indented': {
    happen: (passing) => setBody(passing, JSON.stringify(JSON.parse(passing.body.toString()), null, 2)),
    named: 'json-rewritten, proven',
  },
  'JSON written as Python does': {
    happen: (passing) => {
      const text = passing.body
        .toString()
        .replaceAll('":"', '": "')
        .replaceAll('","', '", "')
        .replaceAll('":1', '": 1')
        .replaceAll('0,"', '0, "');
      setBody(passing, text);
    },
    named: 'json-rewritten, proven',
  },
  'JSON written by PHP': {
    happen: (passing) => setBody(passing, passing.body.toString().replaceAll('/', '\\/').replaceAll('é', '\\u00e9')),
    named: 'json-rewritten, proven',
  },
  'a form written anew': {
    sign: {
      body: 'type=open&recipient=someone%40smtpeter.com&tags%5B0%5D=a+b',
      contentType: 'application/x-www-form-urlencoded',
    },
    happen: (passing) => setBody(passing, 'type=open&recipient=someone@smtpeter.com&tags[0]=a%20b'),
    named: 'form-rewritten, proven',
  },
  'a form turned into JSON by a tunnel': {
    sign: { body: 'type=open&recipient=someone%40smtpeter.com', contentType: 'application/x-www-form-urlencoded' },
    happen: (passing) => {
      setBody(passing, JSON.stringify(Object.fromEntries(new URLSearchParams(passing.body.toString()))));
      setHeader(passing, 'Content-Type', 'application/json');
    },
    named: 'format-changed, proven',
  },
  'CRLF turned into LF': {
    sign: { body: 'a\r\nb\r\n' },
    happen: (passing) => setBody(passing, passing.body.toString().replaceAll('\r\n', '\n')),
    named: 'line-ends, proven',
  },
  'a byte order mark put before': {
    happen: (passing) => setBody(passing, `\ufeff${passing.body}`),
    named: 'byte-order-mark, proven',
  },
  'the body compressed': { happen: (passing) => setBody(passing, gzipSync(passing.body)), named: 'compressed, proven' },
  'the body read as Latin-1': {
    happen: (passing) => setBody(passing, Buffer.from(passing.body.toString('latin1'), 'utf8')),
    named: 'character-set, proven',
  },
  'something else in the body': {
    happen: (passing) => setBody(passing, passing.body.toString().replace('open', 'click')),
    named: 'body-changed, proven',
  },
  'a prefix stripped': { happen: setTarget('/smtpeter'), named: 'prefix-stripped, proven' },
  'a prefix added': { happen: setTarget('/internal/app/hooks/smtpeter'), named: 'prefix-added, proven' },
  'a path rewritten': { happen: setTarget('/index.php'), named: 'path-rewritten, proven' },
  'a query sorted': {
    sign: { url: `${url}?b=1&a=2` },
    happen: setTarget('/hooks/smtpeter?a=2&b=1'),
    named: 'query-rewritten, proven',
  },
  'a query in another order': {
    sign: { url: `${url}?c=3&a=1&d=4&b=2` },
    happen: setTarget('/hooks/smtpeter?b=2&a=1&c=3&d=4'),
    named: 'query-rewritten, proven',
  },
  'a query of so many parameters that its order is not found': {
    sign: { url: `${url}?h=8&a=1&b=2&c=3&d=4&e=5&f=6&g=7` },
    happen: setTarget('/hooks/smtpeter?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8'),
    named: 'head-changed, proven',
  },
  'a query added': { happen: setTarget('/hooks/smtpeter?from=proxy'), named: 'query-rewritten, proven' },
  'Host rewritten': {
    happen: (passing) => setHeader(passing, 'Host', '10.0.0.7:8080'),
    named: 'host-rewritten, proven',
  },
  'Host and path rewritten': {
    happen: (passing) => {
      setHeader(passing, 'Host', 'backend');
      passing.target = '/smtpeter';
    },
    named: 'host-rewritten, proven',
  },
  'Content-Type given a charset': {
    happen: (passing) => setHeader(passing, 'Content-Type', 'application/json; charset=utf-8'),
    named: 'header-rewritten, proven',
  },
  'X-Nonce dropped': { happen: (passing) => setHeader(passing, 'X-Nonce', undefined), named: 'header-dropped, proven' },
  'Digest dropped': { happen: (passing) => setHeader(passing, 'Digest', undefined), named: 'header-dropped, proven' },
  'Date doubled': {
    happen: (passing) => passing.headers.push(['Date', new Date().toUTCString()]),
    named: 'header-doubled, proven',
  },
  'TLS ended without a word': { send: { forwardedProto: false }, named: 'tls-ended-by-proxy, likely' },
  'not signed': {
    happen: (passing) => {
      for (const name of ['Signature', 'Digest', 'X-Copernica-ID', 'X-Nonce']) setHeader(passing, name, undefined);
    },
    named: 'unsigned, proven',
  },
  'a clock two hours ahead': { sign: { date: new Date(Date.now() - 2 * hours) }, named: 'time-zone, likely' },
  'a clock half past five hours behind': {
    sign: { date: new Date(Date.now() + 5.5 * hours) },
    named: 'time-zone, likely',
  },
  'a clock 700 seconds ahead': { sign: { date: new Date(Date.now() - 700_000) }, named: 'clock-skew, likely' },
  "another environment's call": { sign: { id: 'environment-77' }, named: 'another-identity, proven' },
  "another URL's call": { sign: { url: 'https://example.com/hooks/other' }, named: 'another-url, proven' },
  'signed with a test key': {
    sign: { key: stranger, body: '{"recipient":"jane@example.org"}' },
    named: 'test-key, likely',
  },
  'signed with the test key that is given': {
    sign: { key: stranger },
    verify: ['--test-key', 'STRANGER'],
    named: 'test-key, proven',
  },
  'a name that is not the vendor’s': { sign: { keyId: 'test._domainkey.example.org' }, named: 'test-key, likely' },
  'a name that is not published': {
    sign: { keyId: 'none._domainkey.copernica.com' },
    named: 'key-not-published, proven',
  },
};

describe('what happened to a call', () => {
  it('is named, for every accident that a proxy can make', { timeout: 120_000 }, async () => {
    const folder = emptyFolder();
    const listener = await listen(['--capture', folder]);
    const dns = await keyServer();
    const strangerFile = keyFile(stranger.privateKeyPem);
    const captured: [string, Accident, string][] = [];
    for (const [name, accident] of Object.entries(accidents)) {
      const proxy = await accidentProxy(listener.to, accident.happen ?? (() => {}));
      const before = new Set(readdirSync(folder));
      const answer = await send(proxy, call({ body, ...accident.sign }), accident.send);
      expect(answer.status, name).toBeGreaterThanOrEqual(400);
      const [file = ''] = readdirSync(folder).filter((one) => !before.has(one));
      expect(file, name).toMatch(/-rejected\.json$/);
      captured.push([name, accident, join(folder, file)]);
    }
    const results: Record<string, string> = {};
    const one = async ([name, accident, file]: (typeof captured)[number]) => {
      const more = (accident.verify ?? []).map((word) => (word === 'STRANGER' ? strangerFile : word));
      const told = await report([file, ...addressed, '--dns', dns.server, ...more]);
      expect(told, name).toMatchObject({ ok: false, genuine: false, exitCode: 1 });
      expect(told.message, name).toBeTypeOf('string');
      results[name] = `${told.cause?.id}, ${told.cause?.proven ? 'proven' : 'likely'}`;
    };
    for (let i = 0; i < captured.length; i += 3) await Promise.all(captured.slice(i, i + 3).map(one));
    expect(results).toEqual(Object.fromEntries(Object.entries(accidents).map(([name, { named }]) => [name, named])));
  });

  it('a key that was rotated after the call, and one that is gone or revoked', async () => {
    const folder = emptyFolder();
    const listener = await listen(['--capture', folder]);
    expect((await send(listener.to, call({ body }))).status).toBe(200);
    const file = join(folder, readdirSync(folder)[0] ?? '');
    expect(file).toMatch(/-event\.json$/);
    const rotated = await keyServer([stranger.dkimRecord]);
    const told = await report([file, ...addressed, '--dns', rotated.server]);
    expect(told.cause).toMatchObject({ id: 'rotated-key' });
    expect(told.key).toMatchObject({ name: keyId, madeTheSignature: false, records: [{ ttl: 300 }] });
    const revoked = await keyServer(['v=DKIM1; p=']);
    expect((await report([file, ...addressed, '--dns', revoked.server])).cause?.id).toBe('key-revoked');
    const failing = await keyServer({ behaviour: 'SERVFAIL' });
    const unknown = await report([file, ...addressed, '--dns', failing.server]);
    expect(unknown).toMatchObject({ exitCode: 3, cause: { id: 'key-unavailable' }, code: 'ERR_KEY_LOOKUP_FAILED' });
  });
});

describe('a genuine call', () => {
  const genuine = call({ body });
  const raw = wire(genuine);

  it.each<[string, () => [source: string, options?: RunOptions]]>([
    ['a raw HTTP message', () => [write('call.http', raw)]],
    [
      'a raw message with line feeds, and one at its end',
      () => {
        const split = raw.indexOf('\r\n\r\n');
        const head = raw.subarray(0, split).toString('latin1').replaceAll('\r\n', '\n');
        return [
          write(
            'call.txt',
            Buffer.concat([Buffer.from(`${head}\n\n`, 'latin1'), raw.subarray(split + 4), Buffer.from('\n')]),
          ),
        ];
      },
    ],
    ['stdin', () => ['-', { input: raw }]],
    ['a HAR file', () => [write('call.har', har())]],
  ])('in %s is recognised', async (_, make) => {
    const [source, options] = make();
    const told = await report([source, ...addressed, '--key', publicKey(), '--ignore-age'], options);
    expect(told).toMatchObject({ ok: true, genuine: true, exitCode: 0, cause: null });
    expect(told.checks.every((check) => check.result === 'passed')).toBe(true);
  });

  it('is judged at the moment that is given, else now', async () => {
    const file = write('call.http', wire(call({ body, date: new Date(Date.now() - 86_400_000) })));
    const args = [file, ...addressed, '--key', publicKey()];
    expect((await report(args)).cause).toMatchObject({ id: 'old-capture' });
    expect(await report([...args, '--at', new Date(Date.now() - 86_400_000).toISOString()])).toMatchObject({
      exitCode: 0,
    });
  });

  it('holds no control character in JSON either: a terminal acts on those beyond ASCII, too', async () => {
    const file = write('call.http', Buffer.from(raw.toString('latin1').replace('Host: ', 'Host: \u009b31m'), 'latin1'));
    const result = await run(['verify', file, ...addressed, '--key', publicKey(), '--json']);
    expect(result.stdout).toContain('\\u009b');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not be there
    expect(result.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('without --json the report is for people', async () => {
    const file = write('call.http', raw);
    const result = await run(['verify', file, ...addressed, '--key', publicKey()]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('This call is genuine.');
    expect(result.stdout).toContain('(request-target): post /hooks/smtpeter');
  });

  function write(name: string, content: Buffer | string): string {
    const file = join(emptyFolder(), name);
    writeFileSync(file, content);
    return file;
  }

  function har(): string {
    const request = {
      method: 'POST',
      url,
      httpVersion: 'HTTP/1.1',
      headers: genuine.headers.map(([name, value]) => ({ name, value })),
      postData: { mimeType: 'application/json', text: Buffer.from(genuine.body).toString() },
    };
    const other = { request: { method: 'GET', url: 'https://example.com/', headers: [] } };
    return JSON.stringify({
      log: { version: '1.2', entries: [other, { startedDateTime: new Date().toISOString(), request }] },
    });
  }
});

describe('several calls', () => {
  const ages = async (...seconds: number[]) => {
    const folder = emptyFolder();
    // The clock that is wrong is the receiver's; what it writes down as the moment of receipt is the same either way.
    const files = await Promise.all(
      seconds.map(async (age, i) => {
        const listener = await listen(['--capture', join(folder, String(i)), '--tolerance', '100000']);
        expect((await send(listener.to, call({ body, date: new Date(Date.now() - age * 1000) }))).status).toBe(200);
        return join(folder, String(i), readdirSync(join(folder, String(i)))[0] ?? '');
      }),
    );
    const args = [...files, ...addressed, '--key', publicKey()];
    const told = await run(['verify', ...args, '--json']);
    const people = await run(['verify', ...args]);
    return { code: told.code, people, document: JSON.parse(told.stdout) as Record<string, unknown>, files };
  };

  it('tell a steady skew of a clock from calls that were late', async () => {
    const steady = await ages(900, 901, 902);
    expect(steady.code).toBe(1);
    expect(steady.document).toMatchObject({
      ok: false,
      genuine: false,
      code: 'ERR_DATE_TOO_OLD',
      clock: { calls: 3, steady: true },
      calls: steady.files.map((file) => ({ file, cause: { id: 'clock-skew' } })),
    });
    expect((steady.document['clock'] as { seconds: number }).seconds).toBeGreaterThanOrEqual(900);
    expect(steady.people.stdout).toMatch(/0 of 3 calls are genuine.*A steady skew: in all 3 calls/s);
    const late = await ages(2, 900);
    expect(late.document).toMatchObject({ clock: { steady: false } });
    expect(late.people.stdout).toContain('No steady skew');
    const well = await ages(1, 2);
    expect(well).toMatchObject({ code: 0, document: { ok: true, genuine: true, clock: null } });
  });
});

describe('--share', () => {
  it('shows nothing of the call that could be personal or secret, and what agrees', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'call.http');
    const hidden = ['smtpeter.com', '1234', 'secret.example', 'private', 'hooks', 'token', '10.9.8.7'];
    const secretUrl = 'https://secret.example/hooks/private?token=t0ken';
    const genuine = call({ body, url: secretUrl, nonce: 'n0nce' });
    const text = wire(genuine).toString('latin1').replace('Host: secret.example', 'Host: 10.9.8.7');
    writeFileSync(file, Buffer.from(text, 'latin1'));
    const args = ['verify', file, '--id', id, '--url', secretUrl, '--key', publicKey(), '--share'];
    const signature = genuine.headers.find(([name]) => name === 'Signature')?.[1]?.slice(-40, -2) ?? '';
    const digest = genuine.headers.find(([name]) => name === 'Digest')?.[1]?.slice(8, 30) ?? '';
    for (const json of [[], ['--json']]) {
      const result = await run([...args, ...json]);
      expect(result.code).toBe(1);
      for (const secret of [
        ...hidden,
        't0ken',
        'n0nce',
        signature,
        digest,
        Buffer.from(digest, 'base64').toString('hex'),
      ]) {
        expect(result.stdout.replaceAll('smtpeter-webhooks', ''), secret).not.toContain(secret);
      }
      expect(result.stdout).toContain('<host 1>');
      expect(result.stdout).toContain('host-rewritten');
    }
  });
});

describe('what cannot be verified', () => {
  const source = () => {
    const file = join(emptyFolder(), 'call');
    writeFileSync(file, wire(call()));
    return file;
  };
  it.each<[number, string, () => string[]]>([
    [3, 'ERR_CAPTURE_FILE', () => [join(emptyFolder(), 'none'), ...addressed]],
    [1, 'ERR_CAPTURE_UNREADABLE', () => [emptyFolder(), ...addressed]],
    [1, 'ERR_CAPTURE_UNREADABLE', () => [keyFile('not HTTP\n'), ...addressed]],
    [1, 'ERR_CAPTURE_UNREADABLE', () => [keyFile('{"a":1}'), ...addressed]],
    [2, 'ERR_USAGE', () => [source(), '--id', id]],
    [2, 'ERR_USAGE', () => [source(), ...addressed, '--at', 'yesterday']],
    [2, 'ERR_USAGE', () => [source(), ...addressed, '--at', '2026-01-01', '--ignore-age']],
    [2, 'ERR_KEY_INVALID', () => [source(), ...addressed, '--key', keyFile('no key')]],
    [3, 'ERR_KEY_FILE', () => [source(), ...addressed, '--key', join(emptyFolder(), 'none')]],
  ])('is exit %i, %s', async (exitCode, code, args) => {
    expect(await report(args())).toMatchObject({ ok: false, exitCode, code });
  });
});

it('a captured file is what its documentation says', async () => {
  const folder = emptyFolder();
  const listener = await listen(['--capture', folder]);
  const genuine = call({ body });
  await send(listener.to, genuine);
  const [file = ''] = readdirSync(folder);
  const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
  expect(content).toMatchObject({
    format: 'smtpeter-webhooks/captured-call@1',
    outcome: { line: 'event' },
    method: 'POST',
    target: '/hooks/smtpeter',
    bodyComplete: true,
    body: Buffer.from(body).toString('base64'),
  });
  expect((content['headers'] as unknown[]).slice(0, genuine.headers.length)).toEqual(genuine.headers);
});
