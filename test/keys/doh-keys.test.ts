import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createTestKey,
  type DohServer,
  type DohServerOptions,
  type KeyRecord,
  startDohServer,
} from '@smtpeter-webhooks/sender';
import { type DohKeysOptions, dohKeys, type KeyLookup } from '@smtpeter-webhooks/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDohAnswer } from '../../packages/verify/src/doh-answer.js';
import { atEnd } from '../vendor.testing.js';

const name = 'one._domainkey.copernica.com';
const first = createTestKey();
const second = createTestKey({ bits: 1024 });

async function provider(
  records: Record<string, KeyRecord> = { [name]: first.dkimRecord },
  options: DohServerOptions = {},
): Promise<DohServer> {
  const server = await startDohServer({ records, ...options });
  atEnd(() => server.close());
  return server;
}

function sourceOver(servers: DohServer | DohServer[], options: DohKeysOptions = {}) {
  const time = { now: Date.UTC(2026, 0, 1) };
  const providers = [servers].flat().map((server) => server.url);
  const source = dohKeys({ providers, clock: () => time.now, ...options });
  atEnd(() => source.close?.());
  return { time, source };
}

const bits = (lookup: KeyLookup) => (lookup.outcome === 'found' ? lookup.keys.map((key) => key.bits) : lookup.code);

describe('a key, asked for over HTTPS', () => {
  it('is found, and from then on at once, without another question', async () => {
    const server = await provider();
    const { source } = sourceOver(server);
    expect(await source.find(name)).toMatchObject({ outcome: 'found', cached: false });
    expect(source.find(name)).toMatchObject({ outcome: 'found', cached: true });
    expect(server.queries()).toEqual([name]);
  });

  it('is asked for once when 1,000 calls come at the same time', async () => {
    const server = await provider();
    const { source } = sourceOver(server);
    const lookups = await Promise.all(Array.from({ length: 1000 }, () => source.find(name)));
    expect(lookups.filter((lookup) => lookup.outcome === 'found')).toHaveLength(1000);
    expect(server.queries()).toHaveLength(1);
  });

  it.each<[string, KeyRecord, DohServerOptions, unknown]>([
    ['in several strings', [first.txtStrings], {}, [2048]],
    ['without quotes', first.dkimRecord, { quoted: false }, [2048]],
    ['beside other TXT records', ['say "hi" \\', first.dkimRecord], {}, [2048]],
    ['beside another key', [first.dkimRecord, second.dkimRecord], {}, [2048, 1024]],
    ['behind an alias', { cname: 'Target.copernica.com' }, {}, [2048]],
    ['behind a late answer', { txt: [first.dkimRecord], delayMs: 20 }, {}, [2048]],
    ['not, when there is no such name', { behaviour: 'NXDOMAIN' }, {}, 'ERR_KEY_NOT_FOUND'],
    ['not, when the name has no TXT records', { behaviour: 'NODATA' }, {}, 'ERR_KEY_NOT_FOUND'],
    ['not, when an alias leads nowhere', { cname: 'nowhere.copernica.com' }, {}, 'ERR_KEY_NOT_FOUND'],
    [
      'not among the records of another name',
      { txt: [first.dkimRecord], behaviour: 'other-name' },
      {},
      'ERR_KEY_NOT_FOUND',
    ],
    ['not, when it is revoked', 'v=DKIM1; p=', {}, 'ERR_KEY_REVOKED'],
    ['not yet, when DNS fails', { behaviour: 'SERVFAIL' }, {}, 'ERR_KEY_LOOKUP_FAILED'],
    ['not yet, when the answer is no JSON', { behaviour: 'garbage' }, {}, 'ERR_KEY_LOOKUP_FAILED'],
    ['not yet, when the provider answers 500', first.dkimRecord, { status: 500 }, 'ERR_KEY_LOOKUP_FAILED'],
    ['not yet, when the provider sends elsewhere', first.dkimRecord, { status: 302 }, 'ERR_KEY_LOOKUP_FAILED'],
    ['not yet, when there is no answer', { behaviour: 'silence' }, {}, 'ERR_KEY_LOOKUP_FAILED'],
  ])('is found %s', async (_, record, options, expected) => {
    const server = await provider({ [name]: record, 'target.copernica.com': first.dkimRecord }, options);
    expect(bits(await sourceOver(server, { timeoutMs: 1500 }).source.find(name))).toEqual(expected);
  });

  it.each<KeyRecord>([{ behaviour: 'SERVFAIL' }, { behaviour: 'silence' }, { behaviour: 'garbage' }])(
    'is asked of the second provider when the first answers %j',
    async (record) => {
      const servers = [await provider({ [name]: record }), await provider()];
      expect(bits(await sourceOver(servers, { timeoutMs: 4000 }).source.find(name))).toEqual([2048]);
      expect(servers[0]?.queries()).toHaveLength(1);
    },
  );

  it('is used no longer than its time to live says, and no longer than cacheSeconds', async () => {
    const server = await provider({ [name]: { txt: [first.dkimRecord], ttl: 30 } });
    const { source, time } = sourceOver(server, { cacheSeconds: 60 });
    await source.find(name);
    server.set(name, { txt: [second.dkimRecord], ttl: 3600 });
    time.now += 23_000;
    expect(bits(source.find(name) as KeyLookup)).toEqual([2048]);
    time.now += 7_000;
    expect(bits(await source.find(name))).toEqual([1024]);
    server.set(name, { txt: [first.dkimRecord], ttl: 0 });
    time.now += 60_000;
    expect(bits(await source.find(name))).toEqual([2048]);
    // A time to live of nothing does not make a question of every call.
    time.now += 3_900;
    expect(source.find(name)).toMatchObject({ outcome: 'found', cached: true });
  });

  it('is used on while the provider fails', async () => {
    const server = await provider();
    const { source, time } = sourceOver(server);
    await source.find(name);
    server.set(name, { behaviour: 'SERVFAIL' });
    time.now += 3_600_000;
    expect(await source.find(name)).toMatchObject({ outcome: 'found', stale: true });
  });

  it('is asked for again when a look-up has been lost together with the request that began it', async () => {
    const server = await provider({ [name]: { behaviour: 'silence' } });
    const { source, time } = sourceOver(server, { timeoutMs: 30_000 });
    void source.find(name);
    await expect.poll(() => server.queries().length).toBe(1);
    server.set(name, first.dkimRecord);
    time.now += 61_000;
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
  });

  it('does not cost more memory than an answer takes', async () => {
    const server = createServer((_request, response) => {
      const chunk = Buffer.alloc(65_536, 0x20);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    atEnd(() => server.closeAllConnections());
    atEnd(() => server.close());
    const source = dohKeys({ providers: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`] });
    expect(await source.find(name)).toMatchObject({
      outcome: 'unavailable',
      detail: expect.stringContaining('RangeError'),
    });
  });
});

describe('an answer in JSON', () => {
  it('of any shape is read without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (answer, list) => {
        readDohAnswer(name, answer);
        readDohAnswer(name, { Status: 0, Answer: list });
      }),
    );
  });

  it('gives any text back that is written in quotes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 255 }), { minLength: 1, maxLength: 4 }),
        (strings) => {
          const data = strings.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(' ');
          const answer = { Status: 0, Answer: [{ name: `${name}.`, type: 16, TTL: 1, data }] };
          expect(readDohAnswer(name, answer)).toMatchObject({ records: [strings.join('')] });
        },
      ),
    );
  });

  it('reads octets that are written as numbers, and follows aliases in a circle once', () => {
    const record = (data: string) => ({ Status: 0, Answer: [{ name, type: 16, TTL: 1, data }] });
    expect(readDohAnswer(name, record('"a\\032b" "\\;"'))).toMatchObject({ records: ['a b;'] });
    expect(readDohAnswer(name, record('"a" b "c" "never ends\\"'))).toMatchObject({ records: ['ac'] });
    expect(readDohAnswer(name, record('"a\\"b\\25" "\\300\\'))).toMatchObject({ records: ['a"b25'] });
    expect(readDohAnswer(name, { Status: 0, Answer: [{ name, type: 5, TTL: 1, data: name }] })).toMatchObject({
      outcome: 'none',
    });
    const Authority = [{ name: 'copernica.com', type: 6, TTL: 7, data: '' }];
    expect(readDohAnswer(name, { Status: 3, Authority })).toMatchObject({ outcome: 'none', ttlSeconds: 7 });
  });
});

it.each([[[]], [['dns.google']], [['http://dns.google/resolve']], [['ftp://x']]])(
  'providers %j are a TypeError',
  (providers) => {
    expect(() => dohKeys({ providers })).toThrow(/^providers: /);
  },
);
