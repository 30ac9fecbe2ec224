import { createTestKey, type KeyRecord, type KeyServer, startKeyServer } from '@smtpeter-webhooks/sender';
import {
  type DnsKeysOptions,
  dnsKeys,
  type KeyChange,
  type KeyLookup,
  type KeySource,
  type KeysFound,
} from '@smtpeter-webhooks/verify';
import { afterEach, describe, expect, it } from 'vitest';

const name = 'one._domainkey.copernica.com';
const first = createTestKey();
const second = createTestKey({ bits: 1024 });
const start = Date.UTC(2026, 0, 1);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function keyServer(records: Record<string, KeyRecord> = { [name]: first.dkimRecord }): Promise<KeyServer> {
  const server = await startKeyServer({ records });
  cleanups.push(() => server.close());
  return server;
}

/** A source that asks the servers, and a clock that only the test moves. */
function sourceOver(servers: KeyServer[] | KeyServer, options: DnsKeysOptions = {}) {
  const time = { now: start };
  const changes: KeyChange[] = [];
  const source = dnsKeys({
    servers: [servers].flat().map((server) => server.server),
    clock: () => time.now,
    onKey: (change) => changes.push(change),
    ...options,
  });
  cleanups.push(() => source.close?.());
  return { time, changes, source };
}

const bits = (lookup: KeyLookup) => (lookup.outcome === 'found' ? lookup.keys.map((key) => key.bits) : lookup.code);
const refresh = async (source: KeySource, failed: KeyLookup) =>
  source.refresh?.(name, failed as KeysFound) as KeyLookup;

describe('a key in DNS', () => {
  it('is found, and from then on at once, without another query', async () => {
    const server = await keyServer();
    const { source, changes } = sourceOver(server);
    expect(await source.find(name)).toMatchObject({ outcome: 'found', cached: false, stale: false });
    const again = source.find(name);
    expect(again).not.toBeInstanceOf(Promise);
    expect(again).toMatchObject({ outcome: 'found', cached: true });
    expect(server.queries()).toHaveLength(1);
    expect(changes).toMatchObject([{ change: 'seen', keyId: name }]);
  });

  it('is asked for once when 1,000 calls come at the same time', async () => {
    const server = await keyServer();
    const { source } = sourceOver(server);
    const lookups = await Promise.all(Array.from({ length: 1000 }, () => source.find(name)));
    expect(lookups.every((lookup) => lookup.outcome === 'found')).toBe(true);
    expect(server.queries()).toHaveLength(1);
  });

  it.each<[string, KeyRecord, unknown]>([
    ['in several strings', [first.txtStrings], [2048]],
    ['beside other TXT records', ['v=spf1 -all', first.dkimRecord, 'google-site-verification=x'], [2048]],
    ['beside another key, as in a rotation', [first.dkimRecord, second.dkimRecord], [2048, 1024]],
    ['beside a revoked one', ['v=DKIM1; p=', first.dkimRecord], [2048]],
    ['behind an alias', { cname: 'target.copernica.com' }, [2048]],
    ['behind a late answer', { txt: [first.dkimRecord], delayMs: 50 }, [2048]],
    ['behind a truncated answer', { txt: [first.dkimRecord], behaviour: 'truncated' }, [2048]],
    ['five times', Array.from({ length: 5 }, () => first.dkimRecord), [2048, 2048, 2048, 2048]],
  ])('is found %s', async (_, record, expected) => {
    const server = await keyServer({ [name]: record, 'target.copernica.com': first.dkimRecord });
    expect(bits(await sourceOver(server).source.find(name))).toEqual(expected);
  });

  it('of 4096 bits, too large for a datagram, is fetched over TCP', async () => {
    const large = createTestKey({ bits: 4096 });
    const server = await keyServer({ [name]: large.dkimRecord });
    expect(bits(await sourceOver(server).source.find(name))).toEqual([4096]);
    expect(server.queries().map((query) => query.transport)).toEqual(['udp', 'tcp']);
  });

  it.each<[string, KeyRecord | undefined, string]>([
    ['when there is no such name', undefined, 'ERR_KEY_NOT_FOUND'],
    ['when the name has no TXT records', { behaviour: 'NODATA' }, 'ERR_KEY_NOT_FOUND'],
    ['when an alias leads nowhere', { cname: 'nowhere.copernica.com' }, 'ERR_KEY_NOT_FOUND'],
    ['when aliases go in a circle', { cname: name }, 'ERR_KEY_NOT_FOUND'],
    ['when there is only another record', ['v=spf1 -all'], 'ERR_KEY_NOT_FOUND'],
    ['when it is revoked', ['v=DKIM1; k=rsa; p='], 'ERR_KEY_REVOKED'],
    ['when it is no key', ['v=DKIM1; k=rsa; p=AAAA'], 'ERR_KEY_UNUSABLE'],
    ['when it is a key of another kind', [first.dkimRecord.replace('k=rsa', 'k=ed25519')], 'ERR_KEY_UNUSABLE'],
  ])('is refused for good %s, and not asked for again', async (_, record, code) => {
    const server = await keyServer(record === undefined ? {} : { [name]: record });
    const { source, time } = sourceOver(server);
    expect(await source.find(name)).toMatchObject({ outcome: 'refused', code });
    const asked = server.queries().length;
    expect(source.find(name)).toMatchObject({ outcome: 'refused', code });
    expect(server.queries()).toHaveLength(asked);
    server.set(name, first.dkimRecord);
    time.now += 60_000;
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
  });

  it.each<[string, KeyRecord]>([
    ['SERVFAIL', { behaviour: 'SERVFAIL' }],
    ['REFUSED', { behaviour: 'REFUSED' }],
    ['silence', { behaviour: 'silence' }],
    ['garbage', { behaviour: 'garbage' }],
    ['the id of another question', { behaviour: 'wrong-id' }],
    ['the record, too late', { txt: [first.dkimRecord], delayMs: 10_000 }],
  ])('is not known, and to be asked for later, when DNS answers with %s', async (_, record) => {
    const server = await keyServer({ [name]: record });
    const { source, time } = sourceOver(server);
    const startedAt = performance.now();
    expect(await source.find(name)).toMatchObject({
      outcome: 'unavailable',
      code: 'ERR_KEY_LOOKUP_FAILED',
      retryAfterSeconds: 5,
    });
    // The promise to the sender, with room for a busy machine: an answer within three seconds.
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(source.find(name)).toMatchObject({ outcome: 'unavailable' });
    server.set(name, first.dkimRecord);
    time.now += 1000;
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
  });

  it('is not known when no server is there at all', async () => {
    const server = await startKeyServer();
    await server.close();
    expect(await sourceOver(server).source.find(name)).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('with several servers', () => {
  it.each(['SERVFAIL', 'REFUSED', 'silence', 'garbage'] as const)(
    'the next is asked when one answers with %s',
    async (behaviour) => {
      const broken = await keyServer({ [name]: { behaviour } });
      const working = await keyServer();
      const { source } = sourceOver([broken, working], { timeoutMs: 1000 });
      expect(bits(await source.find(name))).toEqual([2048]);
      expect(broken.queries().length).toBeGreaterThan(0);
    },
  );

  it('the next is not asked when one says that the name does not exist', async () => {
    const empty = await keyServer({});
    const other = await keyServer();
    expect(await sourceOver([empty, other]).source.find(name)).toMatchObject({ code: 'ERR_KEY_NOT_FOUND' });
    expect(other.queries()).toHaveLength(0);
  });

  it('a lost datagram is sent again', async () => {
    const server = await keyServer({ [name]: { behaviour: 'silence' } });
    const { source } = sourceOver(server, { timeoutMs: 4000 });
    const asked = server.nextQuery();
    const lookup = source.find(name);
    await asked;
    server.set(name, first.dkimRecord);
    expect(await lookup).toMatchObject({ outcome: 'found' });
  });
});

describe('time', () => {
  it('a key is renewed in the background before its time is over, so that no call waits', async () => {
    const server = await keyServer();
    const { source, time, changes } = sourceOver(server);
    await source.find(name);
    server.set(name, second.dkimRecord);
    time.now += 500_000;
    const asked = server.nextQuery();
    expect(bits(source.find(name) as KeyLookup)).toEqual([2048]);
    await asked;
    await expect.poll(() => bits(source.find(name) as KeyLookup)).toEqual([1024]);
    expect(changes.map((change) => change.change)).toEqual(['seen', 'replaced']);
    expect(server.queries()).toHaveLength(2);
  });

  it('a key whose time is over is asked for again', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server);
    await source.find(name);
    server.set(name, second.dkimRecord);
    time.now += 600_000;
    expect(bits(await source.find(name))).toEqual([1024]);
  });

  it('during an outage the last good key is used, and DNS is not asked at every call', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server, { timeoutMs: 200 });
    await source.find(name);
    server.set(name, { behaviour: 'silence' });
    time.now += 3_600_000;
    expect(await source.find(name)).toMatchObject({ outcome: 'found', stale: true });
    const asked = server.queries().length;
    for (let i = 0; i < 100; i++) expect(source.find(name)).toMatchObject({ outcome: 'found', stale: true });
    expect(server.queries()).toHaveLength(asked);
    time.now += 24 * 3_600_000;
    expect(await source.find(name)).toMatchObject({ outcome: 'unavailable' });
  });

  it('a key that DNS says is gone is gone at once', async () => {
    const server = await keyServer();
    const { source, time, changes } = sourceOver(server);
    await source.find(name);
    server.remove(name);
    time.now += 600_000;
    expect(await source.find(name)).toMatchObject({ code: 'ERR_KEY_NOT_FOUND' });
    expect(changes.at(-1)).toMatchObject({ change: 'gone', thumbprints: [] });
  });

  it('a clock that was set back makes a key be asked for again, not live longer', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server);
    await source.find(name);
    time.now -= 1;
    await source.find(name);
    expect(server.queries()).toHaveLength(2);
  });
});

describe('when a signature failed under a cached key', () => {
  it('one fresh look-up heals a rotation, for all who wait', async () => {
    const server = await keyServer();
    const { source } = sourceOver(server);
    await source.find(name);
    const cached = (await source.find(name)) as KeysFound;
    server.set(name, second.dkimRecord);
    const fresh = await Promise.all(Array.from({ length: 100 }, () => refresh(source, cached)));
    expect(new Set(fresh.map((lookup) => String(bits(lookup))))).toEqual(new Set(['1024']));
    expect(fresh[0]).toMatchObject({ cached: false });
    expect(server.queries()).toHaveLength(2);
    // Who comes late with the old keys gets the new ones without a question.
    expect(bits(await refresh(source, cached))).toEqual([1024]);
    expect(server.queries()).toHaveLength(2);
  });

  it('another one is barred for a second: a forgery before a rotation does not hide it for longer', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server);
    await source.find(name);
    await refresh(source, await source.find(name));
    server.set(name, second.dkimRecord);
    time.now += 999;
    expect(await refresh(source, await source.find(name))).toMatchObject({
      outcome: 'unavailable',
      code: 'ERR_KEY_REFRESH_BARRED',
      retryAfterSeconds: 1,
    });
    expect(server.queries()).toHaveLength(2);
    time.now += 1;
    expect(bits(await refresh(source, await source.find(name)))).toEqual([1024]);
    expect(server.queries()).toHaveLength(3);
  });

  it('another one is barred for five seconds once new names and early look-ups have used up what both may ask', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server, { newNamesPerSecond: 1 });
    const started = performance.now();
    await source.find(name);
    await refresh(source, await source.find(name));
    let early = -1;
    let last: KeyLookup;
    do {
      early++;
      time.now += 1000;
      last = await refresh(source, await source.find(name));
    } while (last.outcome === 'found');
    expect(last).toMatchObject({ code: 'ERR_KEY_REFRESH_BARRED', retryAfterSeconds: 4 });
    // Two at once, of which the name itself was one, and one more a second.
    expect(early).toBeGreaterThanOrEqual(1);
    expect(early).toBeLessThanOrEqual(1 + (performance.now() - started) / 1000);
    expect(server.queries()).toHaveLength(2 + early);
    time.now += 4000;
    expect(await refresh(source, await source.find(name))).toMatchObject({ outcome: 'found', cached: false });
  });

  it('names that wait for their first look-up go before early ones', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server, { newNamesPerSecond: 1 });
    await source.find(name);
    await refresh(source, await source.find(name));
    const waiting = Array.from({ length: 20 }, (_, i) => source.find(`x${i}.copernica.com`));
    time.now += 1000;
    expect(await refresh(source, await source.find(name))).toMatchObject({
      code: 'ERR_KEY_REFRESH_BARRED',
      retryAfterSeconds: 4,
    });
    await Promise.all(waiting);
  });

  it('nothing is decided while DNS fails, and the key stays in use', async () => {
    const server = await keyServer();
    const { source } = sourceOver(server);
    await source.find(name);
    server.set(name, { behaviour: 'SERVFAIL' });
    expect(await refresh(source, await source.find(name))).toMatchObject({
      outcome: 'unavailable',
      code: 'ERR_KEY_LOOKUP_FAILED',
    });
    expect(source.find(name)).toMatchObject({ outcome: 'found' });
  });
});

describe('a flood of names', () => {
  const random = (i: number) => `x${i}.copernica.com`;

  it('asks DNS at a bounded rate, tells the rest to come later, and leaves known keys alone', async () => {
    const server = await keyServer();
    const { source } = sourceOver(server, { newNamesPerSecond: 10, maxNegatives: 16 });
    await source.find(name);
    const flood = await Promise.all(Array.from({ length: 2000 }, (_, i) => source.find(random(i))));
    const limited = flood.filter((lookup) => bits(lookup) === 'ERR_KEY_LOOKUP_LIMITED').length;
    const asked = new Set(server.queries().map((query) => query.name)).size;
    // Twenty at once, and those whose turn came while they waited for three quarters of a second.
    expect(asked).toBeLessThan(60);
    expect(limited).toBe(2000 - (asked - 1));
    expect(source.find(name)).toMatchObject({ outcome: 'found', cached: true });
  });

  it('lets the name with the most calls waiting go first', async () => {
    const server = await keyServer({ 'wanted.copernica.com': first.dkimRecord });
    const { source } = sourceOver(server, { newNamesPerSecond: 2 });
    const flood = Array.from({ length: 100 }, (_, i) => source.find(random(i)));
    const wanted = Array.from({ length: 5 }, () => source.find('wanted.copernica.com'));
    expect((await Promise.all(wanted)).map(bits)).toEqual(wanted.map(() => [2048]));
    await Promise.all(flood);
  });
});

describe('closing', () => {
  it('ends what is under way', async () => {
    const server = await keyServer({ [name]: { behaviour: 'silence' } });
    const { source } = sourceOver(server, { timeoutMs: 30_000 });
    const asked = server.nextQuery();
    const lookup = source.find(name);
    await asked;
    source.close?.();
    expect(await lookup).toMatchObject({ outcome: 'unavailable' });
    expect(await source.find('other.copernica.com')).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('misuse is a TypeError', () => {
  it.each<[string, unknown]>([
    ['servers that are none', { servers: [] }],
    ['a server that is no address', { servers: ['dns.example'] }],
    ['a time-out of 0', { timeoutMs: 0 }],
    ['a time that is no number', { cacheSeconds: Number.NaN }],
    ['a rate without end', { newNamesPerSecond: Number.POSITIVE_INFINITY }],
  ])('%s', (_, options) => {
    expect(() => dnsKeys(options as DnsKeysOptions)).toThrow(TypeError);
  });
});

it('what a listener throws changes nothing', async () => {
  const server = await keyServer();
  const { source } = sourceOver(server, {
    onKey() {
      throw new Error('mine');
    },
  });
  expect(await source.find(name)).toMatchObject({ outcome: 'found' });
});

describe('a stranger who asks for names', () => {
  it('cannot keep a new name out: what is asked for again and again has its turn', async () => {
    const server = await keyServer({ 'wanted.copernica.com': first.dkimRecord });
    const { source } = sourceOver(server, { newNamesPerSecond: 4 });
    let asked = 0;
    let ended = false;
    // Each of the flood's names is asked for four times, to go before one that is asked for once.
    const flood = (async () => {
      while (!ended) {
        const names = Array.from({ length: 300 }, () => `x${asked++}.copernica.com`);
        await Promise.all(names.flatMap((one) => [1, 2, 3, 4].map(() => source.find(one))));
      }
    })();
    let tries = 0;
    for (;;) {
      const answer = await source.find('wanted.copernica.com');
      if (answer.outcome === 'found') break;
      expect(bits(answer)).toBe('ERR_KEY_LOOKUP_LIMITED');
      if (++tries > 100) break;
    }
    ended = true;
    await flood;
    expect(tries).toBeLessThan(30);
  });

  it('lets no more than so many calls wait for an answer', async () => {
    const server = await keyServer({ 'slow.copernica.com': { behaviour: 'silence' } });
    const { source } = sourceOver(server, { timeoutMs: 300 });
    const answers = await Promise.all(Array.from({ length: 1500 }, () => source.find('slow.copernica.com')));
    expect(answers.filter((one) => bits(one) === 'ERR_KEY_LOOKUP_LIMITED')).toHaveLength(1500 - 1024);
    expect(answers.filter((one) => bits(one) === 'ERR_KEY_LOOKUP_FAILED')).toHaveLength(1024);
    server.set(name, first.dkimRecord);
    expect(bits(await source.find(name))).toEqual([2048]);
  });

  it('cannot push out a key that is in use, even with names that have keys', async () => {
    const server = await keyServer();
    server.setDefault(second.dkimRecord);
    const { source, time } = sourceOver(server, { maxKeys: 4, newNamesPerSecond: 1000 });
    await source.find(name);
    for (let i = 0; i < 40; i++) {
      time.now += 1000;
      expect(source.find(name)).toMatchObject({ outcome: 'found' });
      await source.find(`x${i}.copernica.com`);
    }
    expect(server.queries(name)).toHaveLength(1);
  });

  it('for a key before it is published makes it be missed for ten seconds, no longer', async () => {
    const server = await keyServer({});
    const { source, time } = sourceOver(server);
    expect(bits(await source.find(name))).toBe('ERR_KEY_NOT_FOUND');
    server.set(name, first.dkimRecord);
    time.now += 9_999;
    expect(bits(await source.find(name))).toBe('ERR_KEY_NOT_FOUND');
    time.now += 1;
    expect(bits(await source.find(name))).toEqual([2048]);
  });
});

describe('a clock that was an hour ahead and is set right', () => {
  const hour = 3_600_000;

  it('does not keep a name without keys for that hour', async () => {
    const server = await keyServer({});
    const { source, time } = sourceOver(server);
    await source.find(name);
    server.set(name, first.dkimRecord);
    time.now -= hour;
    expect(bits(await source.find(name))).toEqual([2048]);
  });

  it('does not keep DNS from being asked for that hour after a failure', async () => {
    const server = await keyServer();
    const { source, time } = sourceOver(server);
    await source.find(name);
    time.now += 2 * 600_000;
    server.set(name, { behaviour: 'SERVFAIL' });
    expect(await source.find(name)).toMatchObject({ outcome: 'found', stale: true });
    server.set(name, second.dkimRecord);
    time.now -= hour;
    expect(bits(await source.find(name))).toEqual([1024]);
  });
});

it('a listener that rejects ends nothing', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const server = await keyServer();
  const { source } = sourceOver(server, { onKey: (() => Promise.reject(new Error('mine'))) as () => void });
  expect(await source.find(name)).toMatchObject({ outcome: 'found' });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
