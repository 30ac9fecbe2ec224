import dns from 'node:dns';
import { createTestKey, startKeyServer } from '@smtpeter-webhooks/sender';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultKeys } from './default-keys.js';
import { defaultKeys as leanDefaultKeys } from './default-keys-lean.js';
import { type DnsKeysOptions, dnsKeys } from './dns-keys.js';

const name = 'one._domainkey.copernica.com';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const clean of cleanups.splice(0)) await clean();
});

async function keyServer() {
  const server = await startKeyServer({ records: { [name]: createTestKey({ bits: 1024 }).dkimRecord } });
  cleanups.push(() => server.close());
  return server;
}
/** What resolv.conf says, for once. */
const systemServers = (...servers: string[]) =>
  vi.spyOn(dns.promises.Resolver.prototype, 'getServers').mockReturnValue(servers);

describe('the servers that are asked for keys', () => {
  it('are those that are given', async () => {
    const server = await keyServer();
    systemServers('192.0.2.1');
    const source = dnsKeys({ servers: [server.server] });
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
    source.close?.();
  });

  it('are else those of the system, as they are when a key is asked for', async () => {
    const server = await keyServer();
    systemServers();
    const source = dnsKeys();
    systemServers(server.server);
    expect(await source.find(name)).toMatchObject({ outcome: 'found' });
    source.close?.();
  });

  it('are else the one on this machine', async () => {
    systemServers();
    const source = dnsKeys({ timeoutMs: 1000 });
    const made: string[][] = [];
    vi.spyOn(dns.promises.Resolver.prototype, 'setServers').mockImplementation((servers) => {
      made.push([...servers]);
      throw Object.assign(new Error(), { code: 'ENONE' });
    });
    expect(await source.find(name)).toMatchObject({ outcome: 'unavailable', detail: 'DNS says ENONE' });
    expect(made).toEqual([['127.0.0.1']]);
  });

  it.each([
    ['[]', []],
    ['a text', '127.0.0.1'],
    ['null', null],
    ['an object', { length: 1 }],
  ])('are not %s', (_, servers) => {
    expect(() => dnsKeys({ servers } as unknown as DnsKeysOptions)).toThrow(
      new TypeError('servers: give a list of at least one "ip", "ip:port" or "[ip6]:port", or leave it out.'),
    );
  });

  it('are addresses', () => {
    const make = () => dnsKeys({ servers: ['127.0.0.1', 'dns.example'] });
    expect(make).toThrow(new TypeError('servers: give each as "ip", "ip:port" or "[ip6]:port".'));
    try {
      make();
    } catch (error) {
      expect((error as Error).cause).toMatchObject({ code: 'ERR_INVALID_IP_ADDRESS' });
    }
  });

  it('are there for the options that are left out, and only for them', () => {
    expect(() => dnsKeys({ timeoutMs: 1 })).toThrow(/^timeoutMs: /);
  });
});

describe('a runtime that cannot ask DNS', () => {
  const message = 'This runtime cannot ask DNS; give keys: dohKeys() to ask over HTTPS, or pinnedKeys(…).';
  const real = globalThis.process;
  const without = (stand: unknown) => {
    Object.assign(globalThis, { process: stand });
    try {
      return dnsKeys();
    } finally {
      Object.assign(globalThis, { process: real });
    }
  };

  it.each<[string, unknown]>([
    ['no process', undefined],
    ['a process without modules', {}],
    ['modules without DNS', { getBuiltinModule: () => undefined }],
  ])('is told so: %s', (_, stand) => {
    expect(() => without(stand)).toThrow(new TypeError(message));
  });

  it('is a Worker, whose owner must choose', () => {
    const message = 'This runtime cannot ask DNS; give keys: dohKeys() or pinnedKeys(…).';
    expect(() => leanDefaultKeys(Date.now)).toThrow(new TypeError(message));
  });
});

it('the keys of a verifier that is given none are those in DNS, by its clock', async () => {
  const server = await keyServer();
  systemServers(server.server);
  let now = 1_000_000;
  const source = defaultKeys(() => now);
  await source.find(name);
  expect(source.find(name)).toMatchObject({ outcome: 'found', cached: true });
  now += 600_000;
  expect(source.find(name)).toBeInstanceOf(Promise);
  source.close?.();
});
