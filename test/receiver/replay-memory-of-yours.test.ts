import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';
import type { ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { describe, expect, it } from 'vitest';
import { call, id, keys, listening, memoryLog, send, url } from '../vendor.testing.js';

/** Of a realm of its own, as test runners and sandboxes have it: no instance of the Promise that is here. */
const Foreign = runInNewContext('Promise') as PromiseConstructor;

async function start(replay: NonNullable<ReceiverOptions['replay']>) {
  const seen: string[] = [];
  const receiver = nodeReceiver({
    id,
    url,
    keys: keys(),
    replay,
    log: memoryLog(),
    trustProxy: 'loopback',
    on: { '*': () => void seen.push('handled') },
  });
  return { seen, to: await listening(createServer(receiver)) };
}

describe('a replay memory of the user', () => {
  it('is waited for whatever promises it gives, and confirmed before the answer', async () => {
    const order: string[] = [];
    const { to, seen } = await start({
      claim: () =>
        Foreign.resolve({
          state: 'claimed' as const,
          confirm: () => Foreign.resolve().then(() => void order.push('confirmed')),
          release: () => Foreign.resolve(),
        }),
    });
    expect((await send(to)).status).toBe(200);
    order.push('answered');
    expect([seen, order]).toEqual([['handled'], ['confirmed', 'answered']]);
  });

  it.each([undefined, {}, { state: 'taken' }])('that answers %j is no reason for a 200', async (answer) => {
    const { to, seen } = await start({ claim: () => answer as never });
    expect([(await send(to, call())).status, seen]).toEqual([500, []]);
  });
});
