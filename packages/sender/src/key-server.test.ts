import { createSocket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import { connect } from 'node:net';
import dnsPacket from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import type { KeyRecord } from './key-records.js';
import { type KeyServer, startKeyServer } from './key-server.js';

const servers: KeyServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function start(records: Record<string, KeyRecord>): Promise<KeyServer> {
  const server = await startKeyServer({ records });
  servers.push(server);
  return server;
}

async function resolveTxt(server: KeyServer, name: string): Promise<string[][] | string> {
  const resolver = new dns.Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([server.server]);
  return resolver.resolveTxt(name).catch((error: NodeJS.ErrnoException) => error.code ?? '');
}

/** One datagram there and back, as it is on the wire. */
function ask(server: KeyServer, name: string): Promise<dnsPacket.DecodedPacket> {
  const socket = createSocket('udp4');
  const query = dnsPacket.encode({ type: 'query', id: 7, flags: 0, questions: [{ type: 'TXT', name }] });
  return new Promise((resolve) => {
    socket.on('message', (message) => {
      socket.close();
      resolve(dnsPacket.decode(message));
    });
    socket.send(query, server.port, server.address);
  });
}

describe("Node's resolver gets", () => {
  it.each<[string, KeyRecord | undefined, unknown]>([
    ['a text', 'hello', [['hello']]],
    ['a long text in strings of 255', 'x'.repeat(600), [['x'.repeat(255), 'x'.repeat(255), 'x'.repeat(90)]]],
    ['strings as given', [['a', 'b']], [['a', 'b']]],
    ['several records', ['one', 'two'], [['one'], ['two']]],
    ['what an alias leads to', { cname: 'target.example' }, [['at the target']]],
    ['nothing behind an alias that leads nowhere', { cname: 'nowhere.example' }, []],
    ['a text too large for a datagram, over TCP', 'y'.repeat(5000), [expect.arrayContaining(['y'.repeat(255)])]],
    ['64 kB', Array.from({ length: 230 }, () => 'z'.repeat(250)), expect.arrayContaining([['z'.repeat(250)]])],
    ['a text, late', { txt: ['late'], delayMs: 20 }, [['late']]],
    ['a text over TCP when told so', { txt: ['tcp'], behaviour: 'truncated' }, [['tcp']]],
    ['no such name', undefined, 'ENOTFOUND'],
    ['no records', { behaviour: 'NODATA' }, 'ENODATA'],
    ['a failure', { behaviour: 'SERVFAIL' }, 'ESERVFAIL'],
    ['a refusal', { behaviour: 'REFUSED' }, 'EREFUSED'],
    ['silence', { behaviour: 'silence' }, 'ETIMEOUT'],
  ])('%s', async (_, record, expected) => {
    const server = await start({
      'target.example': 'at the target',
      ...(record !== undefined && { 'key.example': record }),
    });
    expect(await resolveTxt(server, 'key.example')).toEqual(expected);
  });
});

it('a datagram without EDNS is at most 512 octets, and says when it is cut', async () => {
  const server = await start({ 'key.example': 'x'.repeat(600) });
  const answer = await ask(server, 'key.example');
  expect(answer).toMatchObject({ flag_tc: true, flag_aa: true, id: 7, answers: [] });
});

it('names are the same in any case, and records change while it runs', async () => {
  const server = await start({ 'Key.Example': 'one' });
  expect(await resolveTxt(server, 'KEY.example')).toEqual([['one']]);
  server.set('key.EXAMPLE', 'two');
  expect(await resolveTxt(server, 'key.example')).toEqual([['two']]);
  server.remove('key.example');
  expect(await resolveTxt(server, 'key.example')).toBe('ENOTFOUND');
  server.setDefault('for all');
  expect(await resolveTxt(server, 'whatever.example')).toEqual([['for all']]);
  expect(server.queries('key.example')).toHaveLength(3);
  expect(server.queries()).toHaveLength(4);
});

it('octets that are no message are read over, and a TCP connection that stays open is closed at the end', async () => {
  const server = await start({ 'key.example': 'one' });
  const socket = connect(server.port, server.address);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(Buffer.from([0, 3, 1, 2, 3]));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  expect(await resolveTxt(server, 'key.example')).toEqual([['one']]);
  socket.on('error', () => {});
  await server.close();
  servers.length = 0;
  await closed;
});

describe('what is no record is refused, and named', () => {
  it.each([
    ['undefined', { 'key.example': undefined }, /^records\["key\.example"\] must be .*, not undefined$/],
    ['null', { 'key.example': null }, /^records\["key\.example"\] must be .*, not null$/],
    ['a number', { 'key.example': 7 }, /^records\["key\.example"\] must be .*, not number$/],
    ['a text for a list', { 'key.example': { txt: 'v=DKIM1' } }, /^records\["key\.example"\]\.txt must be a list/],
    ['a list of numbers', { 'key.example': [7] }, /^records\["key\.example"\] must be a list of texts/],
    ['null for all', null, /^records must be an object/],
  ])('%s', async (_, records, message) => {
    const refusal = await startKeyServer({ records } as never).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TypeError);
    expect((refusal as TypeError).message).toMatch(message);
  });

  it('by set and setDefault too', async () => {
    const server = await start({});
    expect(() => server.set('key.example', undefined as never)).toThrow(/^record must be .*, not undefined$/);
    expect(() => server.setDefault(7 as never)).toThrow(/^record must be .*, not number$/);
    server.setDefault(undefined);
  });
});
