import { createTestKey, type KeyRecord, startKeyServer } from '@smtpeter-webhooks/sender';
import { expect, it } from 'vitest';
import { errorCode } from '../../packages/verify/src/dns-error-code.js';

const name = 'one._domainkey.copernica.com';

const never = new AbortController().signal;

it.each<[string, KeyRecord | undefined, string]>([
  ['a record', createTestKey().dkimRecord, 'ENODATA'],
  ['a record that is too large for a datagram', { txt: ['long'], behaviour: 'truncated' }, 'ENODATA'],
  ['no records', { behaviour: 'NODATA' }, 'ENODATA'],
  ['no such name', undefined, 'ENOTFOUND'],
  ['a failure', { behaviour: 'SERVFAIL' }, 'ESERVFAIL'],
  ['a refusal', { behaviour: 'REFUSED' }, 'EREFUSED'],
  ['an answer to another question', { behaviour: 'wrong-id' }, 'EBADRESP'],
])('the code of %s', async (_, record, code) => {
  const server = await startKeyServer({ records: record === undefined ? {} : { [name]: record } });
  expect(await errorCode(name, server.server, never)).toBe(code);
  await server.close();
});

it('an answer is waited for no longer than is wanted', async () => {
  const server = await startKeyServer({ records: { [name]: { behaviour: 'silence' } } });
  const over = new AbortController();
  const code = errorCode(name, server.server, over.signal);
  await expect.poll(() => server.queries()).toHaveLength(1);
  over.abort();
  expect(await code).toBe('ETIMEOUT');
  await server.close();
});

it.each(['127.0.0.1', '[::1]:1', '[::1]', '::1', '300.1.1.1:53'])(
  'never rejects, also where none is: %s',
  async (server) => {
    expect(await errorCode(name, server, AbortSignal.abort())).toBe('ETIMEOUT');
  },
);
