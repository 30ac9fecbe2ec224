import { connect, createSecureServer, type OutgoingHttpHeaders } from 'node:http2';
import { createServer } from 'node:https';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { createTestVendor } from '@smtpeter-webhooks/sender/testing';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';
import { certificate, certificateKey } from './certificate.testing.js';
import { conforms, vendor } from './endpoint.testing.js';
import { onFreePort } from './listening.testing.js';

const tls = { key: certificateKey, cert: certificate };

conforms('node:https', async (options) => {
  const started = await onFreePort(createServer(tls, nodeReceiver(options)), 'https');
  return { ...started, connection: { ca: certificate } };
});

/** Sends calls over one HTTP/2 connection, with Host as `:authority`, which is what clients of HTTP/2 make of it. */
function overHttp2(to: string, more: OutgoingHttpHeaders = {}) {
  const session = connect(to, { ca: certificate, servername: 'example.com' });
  const send = (call: SignedCall, withBody = true) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of call.headers) {
      const lower = name === 'Host' ? ':authority' : name.toLowerCase();
      headers[lower] = headers[lower] === undefined ? value : `${headers[lower]}, ${value}`;
    }
    const stream = session.request({ ':method': call.method, ':path': call.target, ...headers, ...more });
    return new Promise<{ status: number; code: number | undefined }>((resolve, reject) => {
      let status = 0;
      stream.on('response', (answer) => {
        status = answer[':status'] ?? 0;
      });
      stream.on('error', reject);
      stream.on('close', () => resolve({ status, code: stream.rstCode }));
      stream.resume();
      if (withBody) stream.end(call.body);
    });
  };
  return { send, close: () => session.destroy() };
}

conforms('node:http2', async (options) => {
  const started = await onFreePort(createSecureServer(tls, nodeReceiver(options)), 'https');
  const { send, close } = overHttp2(started.to ?? '');
  return {
    send,
    close() {
      close();
      return started.close?.();
    },
  };
});

conforms('HTTP/1 to a node:http2 server', async (options) => {
  const server = createSecureServer({ ...tls, allowHTTP1: true }, nodeReceiver(options));
  const started = await onFreePort(server, 'https');
  return { ...started, connection: { ca: certificate } };
});

describe('over HTTP/2', () => {
  const start = async (more: OutgoingHttpHeaders = {}, options: { readonly bodyTimeoutMs?: number } = {}) => {
    const receiver = nodeReceiver({ ...vendor.options, ...options, log: false });
    const started = await onFreePort(createSecureServer(tls, receiver), 'https');
    const { send, close } = overHttp2(started.to ?? '', more);
    atEnd(() => started.close?.());
    atEnd(close);
    return send;
  };

  it('a Host beside :authority must be the same', async () => {
    expect((await (await start({ host: 'example.com' }))(vendor.call())).status).toBe(200);
    expect((await (await start({ host: 'other.example' }))(vendor.call())).status).toBe(401);
  });

  it('a refused body is neither waited for nor ends the connection', async () => {
    const send = await start();
    expect(await send(vendor.call('open', { fault: 'foreign-key' }), false)).toEqual({ status: 401, code: 0 });
    expect((await send(vendor.call())).status).toBe(200);
  });

  it('a body that stops on its way leaves no stream behind', async () => {
    const send = await start({}, { bodyTimeoutMs: 50 });
    expect(await send(vendor.call(), false)).toEqual({ status: 408, code: 0 });
  });

  it('a plain HTTP/2 connection is not a secure one', async () => {
    const { options, call } = createTestVendor({ url: 'https://example.com/hooks/smtpeter' });
    const { createServer: createPlain } = await import('node:http2');
    const started = await onFreePort(createPlain(nodeReceiver({ ...options, log: false })));
    const { send, close } = overHttp2(started.to ?? '');
    atEnd(() => started.close?.());
    atEnd(close);
    expect((await send(call())).status).toBe(403);
  });
});
