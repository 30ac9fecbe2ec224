import { createServer } from 'node:http';
import type { ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { describe, expect, it } from 'vitest';
import { call, id, keys, listening, memoryLog, send, signal, url } from '../vendor.testing.js';

/** What a call of another Worker gives in workerd: a promise that is no instance of Promise, and that `typeof` calls a function. */
function callable<T>(promise: Promise<T>): PromiseLike<T> {
  return Object.assign(() => undefined, { then: promise.then.bind(promise) }) as unknown as PromiseLike<T>;
}

const start = (options: Pick<ReceiverOptions, 'on' | 'replay' | 'onRejected'>) =>
  listening(
    createServer(nodeReceiver({ id, url, keys: keys(), log: memoryLog(), trustProxy: 'loopback', ...options })),
  );

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a promise that is a function', () => {
  it('is waited for when a handler gives it', async () => {
    const order: string[] = [];
    const entered = signal();
    const done = signal();
    const to = await start({
      on: {
        '*': () => {
          entered.resolve();
          return callable(done.promise.then(() => void order.push('handled')));
        },
      },
    });
    const answered = send(to).then(({ status }) => order.push(`answered ${status}`));
    await entered.promise;
    // Whoever comes later, and has nothing to wait for, is answered first.
    expect((await send(to, call({ url: 'https://example.com/elsewhere' }))).status).toBe(404);
    done.resolve();
    await answered;
    expect(order).toEqual(['handled', 'answered 200']);
  });

  it('is a failure when it rejects, and nothing that nobody caught', async () => {
    const to = await start({ on: { '*': () => callable(turn().then(() => Promise.reject(new Error('away')))) } });
    expect((await send(to)).status).toBe(500);
  });

  it('is waited for from a replay memory, in its answer and at its end', async () => {
    const order: string[] = [];
    const claimed = {
      state: 'claimed' as const,
      confirm: () => callable(turn().then(() => void order.push('confirmed'))) as Promise<void>,
      release: () => undefined,
    };
    const to = await start({
      on: { '*': () => void order.push('handled') },
      replay: { claim: () => callable(Promise.resolve(claimed)) as Promise<typeof claimed> },
    });
    expect((await send(to)).status).toBe(200);
    expect(order).toEqual(['handled', 'confirmed']);
  });
});
