import { afterEach, describe, expect, it, vi } from 'vitest';
import { CachedKeys } from './cached-keys.js';
import { type KeyCacheOptions, type KeyChange, readKeyCacheOptions } from './key-cache-options.js';
import type { KeyLookup, KeysFound } from './key-source.js';
import { ed25519KeyPair, keyPair, keyId as name, otherKeyPair } from './signed-call.testing.js';
import type { TxtAnswer } from './txt-query.js';

const recordOf = ({ publicKey }: typeof keyPair) =>
  `v=DKIM1; k=${publicKey.asymmetricKeyType}; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const records = (pairs: (typeof keyPair)[], ttlSeconds?: number): TxtAnswer => ({
  outcome: 'records',
  records: pairs.map(recordOf),
  ...(ttlSeconds !== undefined && { ttlSeconds }),
});
const first = records([keyPair]);
const second = records([otherKeyPair]);
const none: TxtAnswer = { outcome: 'none', detail: 'DNS says ENOTFOUND' };
const failed: TxtAnswer = { outcome: 'failed', detail: 'DNS says ESERVFAIL' };
const silence = new Promise<TxtAnswer>(() => {});

const sources: CachedKeys[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const source of sources.splice(0)) source.close();
});

/** A source over answers that the test gives; `time` is that of keys, `rate` that of new names: both stand still. */
function sourceOver(
  answers: Record<string, TxtAnswer | Promise<TxtAnswer>>,
  options: KeyCacheOptions = {},
  inBackground = true,
) {
  const time = { now: 1_000_000 };
  const rate = { now: 5000 };
  vi.spyOn(performance, 'now').mockImplementation(() => rate.now);
  const asked: string[] = [];
  const cancelled: string[] = [];
  const changes: KeyChange[] = [];
  const onKey = (change: KeyChange) => void changes.push(change);
  const settings = readKeyCacheOptions({ clock: () => time.now, onKey, ...options });
  const query = (one: string) => {
    asked.push(one);
    return { answer: Promise.resolve(answers[one] ?? none), cancel: () => void cancelled.push(one) };
  };
  const source = new CachedKeys(settings, query, inBackground);
  sources.push(source);
  /** Finds the keys, and says whether that took a question. */
  const find = async (one = name) => {
    const before = asked.length;
    const lookup = await source.find(one);
    return { lookup, asked: asked.length - before };
  };
  const cached = () => source.find(name) as KeysFound;
  return { source, answers, time, rate, asked, cancelled, changes, find, cached };
}

/** So many names that are asked for and never answered. */
const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}.copernica.com`);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const outcome = (lookup: KeyLookup) => (lookup.outcome === 'found' ? 'found' : lookup.code);

describe('keys that were found', () => {
  it('are fresh for the call that asked, cached for the next, and stale for none', async () => {
    const { source } = sourceOver({ [name]: first });
    const lookup = await source.find(name);
    expect(lookup).toMatchObject({ outcome: 'found', cached: false, stale: false, keys: [{ bits: 2048 }] });
    expect(source.find(name)).toEqual({ ...lookup, cached: true });
  });

  it('are used for cacheSeconds, to the last millisecond', async () => {
    const { find, time } = sourceOver({ [name]: first }, { cacheSeconds: 600 });
    await find();
    time.now += 480_000;
    expect(await find()).toMatchObject({ asked: 0 });
    time.now += 120_000;
    expect(await find()).toMatchObject({ asked: 1, lookup: { cached: false } });
  });

  it.each([
    [3, 5000],
    [0, 5000],
    [30, 30_000],
    [3600, 600_000],
    [undefined, 600_000],
  ])('with a time to live of %s s are used for %i ms', async (ttl, ms) => {
    const { source, answers, time, asked } = sourceOver({ [name]: records([keyPair], ttl) });
    await source.find(name);
    answers[name] = silence;
    time.now += ms - 1;
    expect(source.find(name)).toMatchObject({ outcome: 'found' });
    time.now += 1;
    expect(source.find(name)).toBeInstanceOf(Promise);
    expect(asked).toHaveLength(2);
  });

  it('are renewed in the background after four fifths of their time, by one question', async () => {
    const { source, answers, time, asked, cached } = sourceOver({ [name]: first });
    const lookup = (await source.find(name)) as KeysFound;
    answers[name] = silence;
    time.now += 480_000;
    cached();
    expect(asked).toHaveLength(1);
    time.now += 1;
    expect(cached().keys).toEqual(lookup.keys);
    cached();
    expect(asked).toHaveLength(2);
  });

  it('are renewed by one call that waits, where nothing goes on in the background', async () => {
    for (const [answer, expected] of [
      [second, { outcome: 'found', cached: false }],
      [failed, { outcome: 'found', cached: true, stale: false }],
      [none, { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND' }],
    ] as const) {
      const { source, answers, time, asked, cached } = sourceOver({ [name]: first }, {}, false);
      const lookup = (await source.find(name)) as KeysFound;
      answers[name] = answer;
      time.now += 480_001;
      const waits = source.find(name);
      expect(waits).toBeInstanceOf(Promise);
      expect(cached().keys).toEqual(lookup.keys);
      expect(await waits).toMatchObject(expected);
      expect(asked).toHaveLength(2);
    }
  });

  it('are not renewed for 15 seconds after that has failed', async () => {
    const { answers, time, asked, find, cached } = sourceOver({ [name]: first });
    await find();
    answers[name] = failed;
    time.now += 500_000;
    cached();
    await turn();
    time.now += 14_999;
    cached();
    await turn();
    expect(asked).toHaveLength(2);
    time.now += 1;
    cached();
    expect(asked).toHaveLength(3);
  });

  it('are used on for maxStaleSeconds while DNS fails, and then no more', async () => {
    const { answers, time, find } = sourceOver({ [name]: first }, { cacheSeconds: 10, maxStaleSeconds: 100 });
    const { lookup } = await find();
    answers[name] = failed;
    time.now += 109_999;
    expect(await find()).toEqual({ asked: 1, lookup: { ...lookup, cached: true, stale: true } });
    time.now += 1;
    expect(await find()).toEqual({
      asked: 1,
      lookup: { outcome: 'unavailable', code: 'ERR_KEY_LOOKUP_FAILED', detail: failed.detail, retryAfterSeconds: 5 },
    });
    answers[name] = first;
    time.now += 1000;
    expect(await find()).toMatchObject({ lookup: { stale: false } });
  });

  it('that are stale are asked for again every 15 seconds', async () => {
    const { answers, time, find } = sourceOver({ [name]: first });
    await find();
    answers[name] = failed;
    time.now += 600_000;
    expect((await find()).asked).toBe(1);
    time.now += 14_999;
    expect((await find()).asked).toBe(0);
    time.now += 1;
    expect((await find()).asked).toBe(1);
  });

  it('whose time is over are asked for once, for all who want them', async () => {
    const { source, answers, time, asked } = sourceOver({ [name]: first });
    await source.find(name);
    answers[name] = second;
    time.now += 600_000;
    const [one, other] = await Promise.all([source.find(name), source.find(name)]);
    expect(one).toEqual(other);
    expect(asked).toHaveLength(2);
  });

  it('whose time is over are used on while too many calls wait already', async () => {
    const { source, answers, time, asked, find } = sourceOver({ [name]: first, 'slow.copernica.com': silence });
    await find();
    answers[name] = second;
    time.now += 600_000;
    const waiting = Array.from({ length: 1025 }, () => source.find('slow.copernica.com'));
    expect(waiting.at(-1)).toEqual({
      outcome: 'unavailable',
      code: 'ERR_KEY_LOOKUP_LIMITED',
      detail: 'too many new names at once',
      retryAfterSeconds: 2,
    });
    expect(source.find(name)).toMatchObject({ outcome: 'found', stale: true });
    expect(asked).toHaveLength(2);
  });

  it('that DNS says are gone are gone, and so are those that are revoked', async () => {
    for (const [answer, code] of [
      [none, 'ERR_KEY_NOT_FOUND'],
      [{ outcome: 'records', records: ['v=DKIM1; p='] } as TxtAnswer, 'ERR_KEY_REVOKED'],
    ] as const) {
      const { answers, time, find } = sourceOver({ [name]: first });
      await find();
      answers[name] = answer;
      time.now += 600_000;
      expect(await find()).toMatchObject({ lookup: { outcome: 'refused', code } });
      expect(await find()).toMatchObject({ asked: 0, lookup: { outcome: 'refused', code } });
    }
  });

  it('are maxKeys and no more, of which those in use stay a round longer', async () => {
    const [a, b, c, d, e] = many('x', 5) as [string, string, string, string, string];
    const all = Object.fromEntries([a, b, c, d, e].map((one) => [one, first]));
    const { find, source } = sourceOver(all, { maxKeys: 2 });
    for (const one of [a, b]) await find(one);
    source.find(a);
    await find(c);
    // b gave way, as it had not been used; a has to be used again to stay once more.
    await find(d);
    await find(e);
    expect(source.find(d)).toMatchObject({ outcome: 'found' });
    expect((await find(a)).asked).toBe(1);
  });

  it('are kept for being used, and give way for not being', async () => {
    const [a, b, c] = many('x', 3) as [string, string, string];
    const { find, source } = sourceOver({ [a]: first, [b]: first, [c]: first }, { maxKeys: 2 });
    for (const one of [a, b]) await find(one);
    source.find(a);
    await find(c);
    expect((await find(a)).asked).toBe(0);
    expect((await find(b)).asked).toBe(1);
  });

  it('are asked for again when the clock was set back: they must not live longer for that', async () => {
    const { find, time } = sourceOver({ [name]: first });
    await find();
    time.now -= 1;
    expect((await find()).asked).toBe(1);
  });

  it('are kept in use by being used while they are stale', async () => {
    const [a, b, c] = many('x', 3) as [string, string, string];
    const { find, answers, time, source } = sourceOver({ [a]: first, [b]: first, [c]: first }, { maxKeys: 2 });
    for (const one of [a, b]) await find(one);
    answers[a] = failed;
    time.now += 600_000;
    await find(a);
    await find(c);
    expect(source.find(a)).toMatchObject({ outcome: 'found', stale: true });
  });
});

describe('a name without keys', () => {
  it.each([
    [undefined, 10_000],
    [1, 5000],
    [7, 7000],
    [60, 10_000],
  ])('is remembered as such, with a time to live of %s s for %i ms', async (ttlSeconds, ms) => {
    const answer = { ...none, ...(ttlSeconds !== undefined && { ttlSeconds }) } as TxtAnswer;
    const { find, time } = sourceOver({ [name]: answer });
    const lookup = { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'DNS says ENOTFOUND' };
    expect(await find()).toEqual({ asked: 1, lookup });
    time.now += ms - 1;
    expect(await find()).toEqual({ asked: 0, lookup });
    time.now += 1;
    expect(await find()).toEqual({ asked: 1, lookup });
  });

  it('is remembered for a second when DNS failed', async () => {
    const { find, time } = sourceOver({ [name]: failed });
    const { lookup } = await find();
    expect(lookup).toMatchObject({ outcome: 'unavailable', code: 'ERR_KEY_LOOKUP_FAILED', detail: failed.detail });
    time.now += 999;
    expect(await find()).toEqual({ asked: 0, lookup });
    time.now += 1;
    expect(await find()).toEqual({ asked: 1, lookup });
  });

  it('is forgotten when more of them come than are kept', async () => {
    const { find } = sourceOver({}, { maxNegatives: 1 });
    await find('a.copernica.com');
    await find('b.copernica.com');
    expect((await find('b.copernica.com')).asked).toBe(0);
    expect((await find('a.copernica.com')).asked).toBe(1);
  });

  it('is asked for in vain when the question itself breaks', async () => {
    const query = () => {
      throw new RangeError('mine');
    };
    const source = new CachedKeys(readKeyCacheOptions({}), query, true);
    expect(await source.find(name)).toEqual({
      outcome: 'unavailable',
      code: 'ERR_KEY_LOOKUP_FAILED',
      detail: 'the look-up broke: RangeError: mine',
      retryAfterSeconds: 5,
    });
  });
});

describe('a question that is never answered', () => {
  it('of whatever name, keeps no key from being renewed once it is overdue', async () => {
    const names = many('n', 1024);
    const unanswered = Object.fromEntries(names.map((one) => [one, silence]));
    const { source, time, find } = sourceOver(
      { ...unanswered, [name]: first },
      { newNamesPerSecond: 1000, cacheSeconds: 60 },
    );
    await find();
    for (const one of names) void source.find(one);
    time.now += 60_000;
    expect(await find()).toMatchObject({ lookup: { outcome: 'found', stale: false }, asked: 1 });
  });

  it('is asked anew when it is long overdue', async () => {
    const { source, time, asked } = sourceOver({ [name]: silence }, { timeoutMs: 1000 });
    void source.find(name);
    time.now += 2749;
    void source.find(name);
    expect(asked).toHaveLength(1);
    time.now += 1;
    void source.find(name);
    expect(asked).toHaveLength(2);
  });
});

describe('after a signature that failed,', () => {
  it('keys that are not those that failed are given at once', async () => {
    const { source, answers, find, asked, cached } = sourceOver({ [name]: first });
    await find();
    const old = cached();
    answers[name] = second;
    const fresh = await source.refresh(name, old);
    expect(fresh).toMatchObject({ outcome: 'found', cached: false });
    expect(source.refresh(name, old)).toBe(cached());
    expect(asked).toHaveLength(2);
  });

  it('keys that were stale are asked for, too', async () => {
    const { source, answers, time, find, asked } = sourceOver({ [name]: first });
    await find();
    answers[name] = failed;
    time.now += 600_000;
    const { lookup } = await find();
    expect(lookup).toMatchObject({ stale: true });
    answers[name] = second;
    expect(await source.refresh(name, lookup as KeysFound)).toMatchObject({ outcome: 'found', stale: false });
    expect(asked).toHaveLength(3);
  });

  it('a name that is not known any more is looked up as a new one', async () => {
    const { source, find, asked } = sourceOver({ [name]: first, 'x.copernica.com': first }, { maxKeys: 1 });
    const { lookup } = await find();
    await find('x.copernica.com');
    expect(await source.refresh(name, lookup as KeysFound)).toMatchObject({ outcome: 'found' });
    expect(asked).toEqual([name, 'x.copernica.com', name]);
  });

  it('a question that is under way is waited for, by as many as may', async () => {
    const { source, answers, find, asked, cached } = sourceOver({ [name]: first });
    await find();
    answers[name] = silence;
    const old = cached();
    const waiting = Array.from({ length: 1025 }, () => source.refresh(name, old));
    expect(asked).toHaveLength(2);
    expect(waiting[1023]).toBeInstanceOf(Promise);
    expect(waiting[1024]).toMatchObject({ code: 'ERR_KEY_LOOKUP_LIMITED', retryAfterSeconds: 2 });
  });

  it.each([
    [0, 1],
    [999, 1],
    [1000, undefined],
    [1001, undefined],
  ])('another %i ms later is barred for %s s while new names leave room', async (passed, seconds) => {
    const { source, find, time, cached } = sourceOver({ [name]: first });
    await find();
    await source.refresh(name, cached());
    time.now += passed;
    const again = await source.refresh(name, cached());
    if (seconds === undefined) expect(again).toMatchObject({ outcome: 'found', cached: false });
    else {
      expect(again).toEqual({
        outcome: 'unavailable',
        code: 'ERR_KEY_REFRESH_BARRED',
        detail: `the key was looked up again ${passed} ms ago`,
        retryAfterSeconds: seconds,
      });
    }
  });

  it.each([
    [3999, 1],
    [4000, 16],
    [4001, 16],
    [19_000, 1],
    [19_999, 1],
    [20_000, undefined],
    [-1, undefined],
  ])('another %i ms later is barred for %s of 20 s while they leave none', async (passed, seconds) => {
    const options = { refreshIntervalSeconds: 20, newNamesPerSecond: 1 };
    const { source, find, time, cached } = sourceOver({ [name]: first }, options);
    await find();
    await find('x.copernica.com');
    await source.refresh(name, cached());
    const old = cached();
    time.now += passed;
    const again = await source.refresh(name, old);
    const barred = { outcome: 'unavailable', code: 'ERR_KEY_REFRESH_BARRED', retryAfterSeconds: seconds };
    expect(again).toMatchObject(seconds === undefined ? { outcome: 'found', cached: false } : barred);
  });

  it('each early one is one new name less', async () => {
    const { source, find, time, cached } = sourceOver({ [name]: first }, { newNamesPerSecond: 1 });
    await find();
    await source.refresh(name, cached());
    time.now += 1000;
    expect(await source.refresh(name, cached())).toMatchObject({ outcome: 'found' });
    time.now += 1000;
    expect(await source.refresh(name, cached())).toMatchObject({ retryAfterSeconds: 4 });
  });
});

describe('new names', () => {
  const perSecond = 1000;

  it('are looked up at once, twice as many as in a second; 256 more wait, and the rest come later', async () => {
    const { source } = sourceOver({}, { newNamesPerSecond: perSecond });
    const lookups = many('x', 2000 + 256 + 1).map((one) => source.find(one));
    expect(lookups.at(-2)).toBeInstanceOf(Promise);
    expect(lookups.at(-1)).toMatchObject({ code: 'ERR_KEY_LOOKUP_LIMITED' });
    source.close();
    const said = (await Promise.all(lookups)).map(outcome);
    expect(said.slice(0, 2000)).toEqual(new Array(2000).fill('ERR_KEY_NOT_FOUND'));
    expect(said.slice(2000)).toEqual(new Array(257).fill('ERR_KEY_LOOKUP_LIMITED'));
  });

  it('that most calls want go first', async () => {
    const { source, rate, asked } = sourceOver({ 'wanted.copernica.com': first }, { newNamesPerSecond: perSecond });
    for (const one of many('x', 2001)) void source.find(one);
    const wanted = [1, 2].map(() => source.find('wanted.copernica.com'));
    rate.now += 1;
    expect((await Promise.all(wanted)).map(outcome)).toEqual(['found', 'found']);
    expect(asked).toHaveLength(2001);
  });

  it('make no room for more calls than may wait for one of them', () => {
    const { source, asked } = sourceOver({ [name]: silence });
    const waiting = Array.from({ length: 1025 }, () => source.find(name));
    expect(waiting[1023]).toBeInstanceOf(Promise);
    expect(waiting[1024]).toMatchObject({ code: 'ERR_KEY_LOOKUP_LIMITED' });
    expect(asked).toHaveLength(1);
  });
});

describe('closing', () => {
  it('cancels what is under way, of which nothing is kept', async () => {
    let arrive = (_: TxtAnswer) => {};
    const answer = new Promise<TxtAnswer>((resolve) => {
      arrive = resolve;
    });
    const { source, cancelled, changes } = sourceOver({ [name]: answer });
    const lookup = source.find(name);
    source.close();
    expect(cancelled).toEqual([name]);
    arrive(first);
    expect(await lookup).toMatchObject({ outcome: 'found' });
    expect(changes).toEqual([]);
    expect(await source.find(name)).toMatchObject({ outcome: 'unavailable' });
  });

  it('cancels the newest 1,024 queries, so that those that never end are not kept', () => {
    const names = many('n', 1025);
    const { source, cancelled } = sourceOver(Object.fromEntries(names.map((one) => [one, silence])), {
      newNamesPerSecond: 1000,
    });
    for (const one of names) void source.find(one);
    source.close();
    expect(cancelled).toEqual(names.slice(1));
  });

  it('forgets what was known, and asks no more', async () => {
    const { source, asked, cancelled } = sourceOver({ [name]: first });
    await source.find(name);
    await source.find('x.copernica.com');
    source.close();
    expect(cancelled).toEqual([]);
    for (const one of [name, 'x.copernica.com']) {
      expect(await source.find(one)).toEqual({
        outcome: 'unavailable',
        code: 'ERR_KEY_LOOKUP_FAILED',
        detail: 'the key source was closed',
        retryAfterSeconds: 5,
      });
    }
    expect(asked).toHaveLength(2);
  });
});

describe('a listener is told', () => {
  const print = (lookup: KeyLookup) => (lookup as KeysFound).keys.map((key) => key.thumbprint);

  it('what is seen, replaced and gone, and by what', async () => {
    const { source, answers, time, changes } = sourceOver({ [name]: first });
    const later = async (answer: TxtAnswer) => {
      answers[name] = answer;
      time.now += 600_000;
      return source.find(name);
    };
    const one = print(await source.find(name));
    await later(first);
    const two = print(await later(second));
    await later(none);
    await later(none);
    await later(second);
    expect(changes).toEqual([
      { change: 'seen', keyId: name, thumbprints: one, previous: [] },
      { change: 'replaced', keyId: name, thumbprints: two, previous: one },
      { change: 'gone', keyId: name, thumbprints: [], previous: two },
      { change: 'seen', keyId: name, thumbprints: two, previous: [] },
    ]);
  });

  it('of one key more or less, and of the same ones in another order nothing', async () => {
    const { source, answers, time, changes } = sourceOver({ [name]: records([keyPair, ed25519KeyPair]) });
    await source.find(name);
    const both = [keyPair, ed25519KeyPair];
    for (const pairs of [[...both].reverse(), both, [ed25519KeyPair]]) {
      answers[name] = records(pairs);
      time.now += 600_000;
      await source.find(name);
    }
    expect(changes.map(({ change, thumbprints }) => [change, thumbprints.length])).toEqual([
      ['seen', 2],
      ['replaced', 1],
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('and changes nothing when it %s', async (_, onKey) => {
    const { source } = sourceOver({ [name]: first }, { onKey: onKey as () => void });
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
    await turn();
  });
});
