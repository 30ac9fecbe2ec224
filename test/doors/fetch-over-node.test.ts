import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { type FetchOptions, fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { sendRequest } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { conforms, vendor } from './endpoint.testing.js';
import { onFreePort } from './listening.testing.js';

/**
 * What frameworks make of node:http: a body that is cancelled destroys its connection at once. Like adapter-node of
 * SvelteKit, it says https of every URL, whatever came.
 */
function start(options: FetchOptions) {
  const receive = fetchReceiver({ ...options, trustProxy: true });
  const server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [name, values] of Object.entries(request.headersDistinct)) {
      for (const value of values ?? []) headers.append(name, value);
    }
    const body = Readable.toWeb(request);
    const init = { method: request.method, headers, body, duplex: 'half' } as RequestInit;
    const answer = await receive(new Request(`https://${request.headers.host}${request.url}`, init));
    // Later than the receiver, as frameworks are: they still have work to do on the answer.
    setImmediate(async () => {
      response.writeHead(answer.status, [...answer.headers].flat());
      response.end(await answer.text());
    });
  });
  return onFreePort(server);
}

conforms('Fetch over node:http, where a cancelled body ends the connection', start);

describe('Fetch over node:http', () => {
  it.each([
    ['a body over the limit', { maxBodyBytes: 1000 }, vendor.call('bounce', { body: 'x'.repeat(5_000_000) }), 413],
    [
      'a large body that nobody looks at',
      {},
      vendor.call('bounce', { body: 'x'.repeat(5_000_000), fault: 'stale-date' }),
      401,
    ],
  ])('%s gets its answer', async (_, more, call, status) => {
    const started = await start({ ...vendor.options, log: false, ...more });
    atEnd(() => started.close?.());
    expect((await sendRequest(call, { to: started.to ?? '', forwardedProto: true })).status).toBe(status);
  });
});
