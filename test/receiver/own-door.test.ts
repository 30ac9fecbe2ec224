import { createReceiver, type InboxCall, type ReceiverOptions, RetryLaterError } from '@smtpeter-webhooks/receiver';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { expect, it } from 'vitest';
import { call, id, keys, signal, url } from '../vendor.testing.js';

/** The pipeline behind a door of this test's own, which says when a body is there. */
function start(options: Partial<ReceiverOptions> = {}) {
  const receiver = createReceiver({ id, url, keys: keys(), log: false, ...options } as ReceiverOptions);
  const hand = ({ method, target, headers, body }: SignedCall, arrives: Promise<void> = Promise.resolve()) => {
    const asked = signal();
    const answer = receiver.handle({
      head: { method, target, headers: headers.flat(), secure: true },
      bodyConsumed: false,
      checkPath: true,
      readBody: async () => {
        asked.resolve();
        await arrives;
        return body;
      },
    });
    return { asked: asked.promise, answer };
  };
  return { ...receiver, hand };
}

const headerList = ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest'];

/** A genuine call that says another length, or none; its length is not signed. */
function ofLength(length: string | undefined): SignedCall {
  const what = call({ headerList });
  return {
    ...what,
    headers: what.headers.flatMap(([name, value]): [string, string][] => {
      if (name !== 'Content-Length') return [[name, value]];
      return length === undefined ? [] : [[name, length]];
    }),
  };
}

it.each([undefined, '-5', 'many'])('a body of length %s has room for the largest until it is there', async (length) => {
  const [arrives, goes] = [signal(), signal()];
  const begun = signal();
  const { hand, stats } = start({
    maxBodyBytes: 5000,
    maxBufferedBytes: 10_000,
    on: {
      '*': () => {
        begun.resolve();
        return goes.promise;
      },
    },
  });
  const what = ofLength(length);
  const { asked, answer } = hand(what, arrives.promise);
  await asked;
  expect(stats().bufferedBytes).toBe(5000);
  arrives.resolve();
  await begun.promise;
  expect(stats().bufferedBytes).toBe(what.body.length);
  goes.resolve();
  expect((await answer).status).toBe(200);
  expect(stats().bufferedBytes).toBe(0);
});

it.each([
  [0, 200],
  [-1, 413],
])('a body of as many bytes as there may be, and %i, is answered %i', async (more, status) => {
  const what = call();
  const { hand } = start({ maxBodyBytes: what.body.length + more, on: {} });
  expect((await hand(what).answer).status).toBe(status);
});

it('a handler that ran over its time and failed then gives its call back', async () => {
  let runs = 0;
  const fails = signal();
  const { hand, stats } = start({
    handlerTimeoutMs: 10,
    on: {
      '*': async () => {
        if (++runs > 1) return;
        await fails.promise;
        throw new Error('too late, and broken');
      },
    },
  });
  const what = call();
  expect((await hand(what).answer).status).toBe(503);
  fails.resolve();
  while (stats().inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await hand(what).answer).status).toBe(200);
  expect(runs).toBe(2);
});

it.each<[number | undefined, string]>([
  [undefined, '30'],
  [1.2, '2'],
  [1, '1'],
  [0.5, '1'],
  [0, '1'],
  [-3, '1'],
  [Number.NaN, '1'],
  [Number.POSITIVE_INFINITY, '1'],
])('a handler that asks for %s seconds has %s in Retry-After', async (afterSeconds, said) => {
  const { hand } = start({
    on: {
      '*': () => {
        throw new RetryLaterError('later', afterSeconds === undefined ? {} : { afterSeconds });
      },
    },
  });
  expect(await hand(call()).answer).toMatchObject({ status: 503, headers: { 'Retry-After': said } });
});

it('an inbox is told until when a copy could pass: from when the call came, or from its Date if that is later', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const kept: InboxCall[] = [];
  const inbox = {
    accept: async (one: InboxCall) => {
      kept.push(one);
      return 'kept' as const;
    },
    work: () => ({ close: async () => {} }),
  };
  const { hand } = start({ inbox, clock: () => now });
  for (const seconds of [-200, 0, 200]) {
    expect((await hand(call({ date: new Date(now + seconds * 1000) })).answer).status).toBe(200);
  }
  const [old, present, ahead] = kept.map((one) => one.replayUntil - now);
  expect(old).toBe(present);
  expect(ahead).toBe((present ?? 0) + 200_000);
  expect(present).toBeGreaterThanOrEqual(300_000);
});

it('an inbox that cannot keep a call has the sender come again in ten seconds', async () => {
  const inbox = { accept: () => Promise.reject(new Error('full')), work: () => ({ close: async () => {} }) };
  const { hand } = start({ inbox });
  expect(await hand(call()).answer).toMatchObject({ status: 503, headers: { 'Retry-After': '10' } });
});
