import nodeCrypto from 'node:crypto';
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';
import { createTestKey, type SignedCall, startKeyServer } from '@smtpeter-webhooks/sender';
import { dnsKeys } from '@smtpeter-webhooks/verify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd, call, id, key, keyId, send, signal, url } from '../vendor.testing.js';
import { leavesNothingBehind } from './handles.testing.js';

leavesNothingBehind();

/** What a flood can make us do, counted: queries at a real DNS server, and calls into node:crypto. */
const count = { rsa: 0, hashed: 0 };
beforeEach(() => {
  // The object that `process.getBuiltinModule` gives is the one that is spied on.
  const { verify, hash, createHash } = nodeCrypto;
  vi.spyOn(nodeCrypto, 'verify').mockImplementation(((...given: Parameters<typeof verify>) => {
    count.rsa++;
    return verify(...given);
  }) as typeof verify);
  if (hash !== undefined) {
    vi.spyOn(nodeCrypto, 'hash').mockImplementation(((...given: Parameters<typeof hash>) => {
      count.hashed++;
      return hash(...given);
    }) as typeof hash);
  }
  vi.spyOn(nodeCrypto, 'createHash').mockImplementation(((...given: Parameters<typeof createHash>) => {
    count.hashed++;
    return createHash(...given);
  }) as typeof createHash);
});
afterEach(() => vi.restoreAllMocks());

async function start(records: string | string[] = key.dkimRecord) {
  const dns = await startKeyServer({ records: { [keyId]: records } });
  atEnd(() => dns.close());
  let begun = signal();
  let held: ReturnType<typeof signal<void>> | undefined;
  const server = createWebhookServer({
    id,
    url,
    keys: dnsKeys({ servers: [dns.server] }),
    trustProxy: 'loopback',
    log: false,
    maxConcurrentCalls: 1,
    on: {
      '*': () => {
        begun.resolve();
        return held?.promise;
      },
    },
  });
  atEnd(() => server.close({ timeoutMs: 0 }));
  const { port } = await server.listen();
  /** Takes all the room there is: who asks for some from now on waits for it in vain, and is told so. */
  const fill = async () => {
    held = signal();
    begun = signal();
    const { resolve } = held;
    const answer = send(`http://127.0.0.1:${port}`);
    await begun.promise;
    const free = async () => {
      held = undefined;
      resolve();
      expect((await answer).status).toBe(200);
    };
    return free;
  };
  /** Sends so many at a time; gives the answers. */
  const flood = async (make: () => SignedCall, length: number, atOnce = 10) => {
    const before = { ...count, dns: dns.queries().length };
    const given: number[] = [];
    const statuses: Record<number, number> = {};
    const one = async () => {
      while (given.length < length) {
        given.push(0);
        const { status } = await send(`http://127.0.0.1:${port}`, make());
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return {
      statuses,
      rsa: count.rsa - before.rsa,
      hashed: count.hashed - before.hashed,
      dns: dns.queries().length - before.dns,
      askedForRoom: server.stats().rejected.ERR_OVERLOADED ?? 0,
    };
  };
  return { flood, fill };
}

/** A genuine call in which one header is changed or, without a value, left out. */
function changed(name: string, value?: string): SignedCall {
  const one = call();
  const headers = one.headers.flatMap(([header, was]): [string, string][] => {
    if (header.toLowerCase() !== name) return [[header, was]];
    return value === undefined ? [] : [[header, value]];
  });
  return { ...one, headers };
}

describe('a flood', { timeout: 60_000 }, () => {
  it.each<[string, () => SignedCall, number]>([
    ['without a Signature', () => changed('signature'), 401],
    ['with one that cannot be read', () => changed('signature', 'keyId='), 401],
    ['with a Date of yesterday', () => call({ date: new Date(Date.now() - 86_400_000) }), 401],
    ['for another host', () => changed('host', 'other.example'), 421],
    ['of another identity', () => call({ id: 'environment-666' }), 401],
    ['with keys outside of the zone', () => call({ keyId: 'one.copernica.com.evil.example' }), 401],
    ['without a Digest', () => changed('digest'), 401],
    ['signed by HMAC', () => call({ algorithm: 'hmac-sha256' }), 401],
  ])('%s costs no DNS, no RSA, no hash and no room', async (_, make, status) => {
    const { flood, fill } = await start();
    // First while no key is known, so that each look-up would be seen, then while there is no room.
    const cold = await flood(make, 100);
    expect(cold).toEqual({ statuses: { [status]: 100 }, rsa: 0, hashed: 0, dns: 0, askedForRoom: 0 });
    const free = await fill();
    const cost = await flood(make, 100);
    await free();
    expect(cost).toEqual({ statuses: { [status]: 100 }, rsa: 0, hashed: 0, dns: 0, askedForRoom: 0 });
  });

  it('that is wrongly signed costs one RSA operation for each usable key, one more look-up, no hash and no room', async () => {
    const second = createTestKey();
    const { flood, fill } = await start([key.dkimRecord, second.dkimRecord]);
    const genuine = await flood(() => call(), 1);
    expect(genuine.statuses).toEqual({ 200: 1 });
    // Otherwise what follows would say nothing.
    expect(genuine.hashed).toBeGreaterThan(0);
    const free = await fill();
    const started = performance.now();
    const cost = await flood(() => call({ fault: 'foreign-key' }), 100);
    await free();
    expect(cost.rsa).toBeLessThanOrEqual(2 * 100);
    expect(cost.rsa).toBeGreaterThan(0);
    // The keys may have been rotated: they are asked for once more a second, by UDP and, for a long answer, by TCP.
    expect(cost.dns).toBeLessThanOrEqual(2 * (2 + (performance.now() - started) / 1000));
    expect(cost).toMatchObject({ hashed: 0, askedForRoom: 0 });
    expect((await flood(() => call(), 3)).statuses).toEqual({ 200: 3 });
  });

  it('under names that do not exist asks DNS so often a second and no oftener', async () => {
    const { flood } = await start();
    let number = 0;
    const started = performance.now();
    const cost = await flood(() => call({ keyId: `n${++number}._domainkey.copernica.com` }), 200, 60);
    const seconds = (performance.now() - started) / 1000;
    // At most 20 at once, and 10 more each second; with a second of grace for clocks.
    expect(cost.dns).toBeLessThanOrEqual(20 + 10 * (seconds + 1));
    expect(cost).toMatchObject({ rsa: 0, hashed: 0, askedForRoom: 0 });
    expect(Object.keys(cost.statuses).every((status) => status === '401' || status === '503')).toBe(true);
  });

  it('of forgeries hides a rotation for a second and no longer', async () => {
    const dns = await startKeyServer({ records: { [keyId]: createTestKey().dkimRecord } });
    atEnd(() => dns.close());
    // The clock of the keys alone: only this test moves it.
    const time = { now: 0 };
    const options = { id, url, trustProxy: 'loopback', log: false, on: { '*': () => {} } } as const;
    const server = createWebhookServer({
      ...options,
      keys: dnsKeys({ servers: [dns.server], clock: () => time.now }),
    });
    atEnd(() => server.close({ timeoutMs: 0 }));
    const to = `http://127.0.0.1:${(await server.listen()).port}`;
    for (let second = 0; second < 5; second++) {
      time.now += 1000;
      for (let i = 0; i < 5; i++) expect([401, 503]).toContain((await send(to, call())).status);
    }
    dns.set(keyId, key.dkimRecord);
    const hidden = await send(to);
    expect([hidden.status, hidden.headers['retry-after']]).toEqual([503, '1']);
    time.now += 1000;
    expect((await send(to)).status).toBe(200);
  });
});
