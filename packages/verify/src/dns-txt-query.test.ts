import dns from 'node:dns';
import { startKeyServer } from '@smtpeter-webhooks/sender';
import { afterEach, describe, expect, it } from 'vitest';
import { queryTxt } from './dns-txt-query.js';

const name = 'one._domainkey.copernica.com';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function keyServer(records: Parameters<typeof startKeyServer>[0]) {
  const server = await startKeyServer(records);
  cleanups.push(() => server.close());
  return server;
}

/** Node's resolver, and what is asked of it. */
function watched() {
  const made: unknown[] = [];
  let cancelled = 0;
  class Resolver extends dns.promises.Resolver {
    constructor(options: dns.ResolverOptions) {
      super(options);
      made.push(options);
    }
    override cancel() {
      cancelled++;
      super.cancel();
    }
  }
  return { made, cancelled: () => cancelled, dns: { promises: { Resolver } } as unknown as typeof dns };
}

describe('a question over UDP', () => {
  it('gives the records, each with its strings joined', async () => {
    const server = await keyServer({ records: { [name]: [['a', 'b'], 'c'] } });
    expect(await queryTxt(dns, name, [server.server], 1000).answer).toEqual({
      outcome: 'records',
      records: ['ab', 'c'],
    });
  });

  it.each([
    ['NXDOMAIN', 'none', 'DNS says ENOTFOUND'],
    ['NODATA', 'none', 'DNS says ENODATA'],
    ['SERVFAIL', 'failed', 'DNS says ESERVFAIL'],
    ['REFUSED', 'failed', 'DNS says EREFUSED'],
  ] as const)('that is answered with %s is %s: %s', async (behaviour, outcome, detail) => {
    const server = await keyServer({ records: { [name]: { behaviour } } });
    expect(await queryTxt(dns, name, [server.server], 5000).answer).toEqual({ outcome, detail });
  });

  it('of a server that is none says so', async () => {
    const { answer } = queryTxt(dns, name, ['dns.example'], 1000);
    expect(await answer).toEqual({ outcome: 'failed', detail: 'DNS says ERR_INVALID_IP_ADDRESS' });
  });

  it('is asked once by each resolver, and ends with its time or when it is cancelled', async () => {
    const server = await keyServer({ records: { [name]: { behaviour: 'silence' } } });
    const { made, cancelled, dns } = watched();
    const asked = server.nextQuery();
    const query = queryTxt(dns, name, [server.server], 30_000);
    await asked;
    query.cancel();
    expect(await query.answer).toEqual({ outcome: 'failed', detail: 'cancelled' });
    expect(made).toEqual([{ timeout: 30_000, tries: 1 }]);
    expect(cancelled()).toBe(1);
  });

  it('that is answered by silence is asked once more', async () => {
    const server = await keyServer({ records: { [name]: { behaviour: 'silence' } } });
    const { made, dns } = watched();
    const { answer } = queryTxt(dns, name, [server.server], 100);
    expect(await answer).toMatchObject({ outcome: 'failed' });
    expect(made).toHaveLength(2);
  });
});
