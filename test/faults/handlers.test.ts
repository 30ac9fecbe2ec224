import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { ReceiverOptions, WebhookEvent } from '@smtpeter-webhooks/receiver';
import { createReplayMemory, type ReplayMemory } from '@smtpeter-webhooks/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DoorName, doors } from '../attack-doors.testing.js';
import { atEnd, call, id, keys, listening, memoryLog, send, signal, url, wire } from '../vendor.testing.js';
import { leavesNothingBehind } from './handles.testing.js';

leavesNothingBehind();

/** Nothing of this may end the process: Node would, at the first rejection that nobody catches. */
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
const until = async (holds: () => boolean) => {
  while (!holds()) await turn();
};

describe.each<DoorName>(['Express 5', 'own server', 'Fetch'])('%s', (name) => {
  const open = async (options: Partial<ReceiverOptions>) => {
    const log = memoryLog();
    return { log, ...(await doors[name]({ id, url, keys: keys(), log, ...options })) };
  };

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('thrown');
      },
    ],
    ['rejects', () => Promise.reject(new Error('rejected'))],
    ['throws what is no error', () => Promise.reject(undefined)],
    [
      'has a then that throws',
      () => ({
        then() {
          throw new Error('from then');
        },
      }),
    ],
    [
      'has a then that is a trap',
      () => ({
        get then() {
          throw new Error('from the getter');
        },
      }),
    ],
  ])('a handler that %s is answered 500, and the event comes again', async (_, fail) => {
    let fails = true;
    const events: WebhookEvent[] = [];
    const { to, stats } = await open({ on: { '*': (event) => (fails ? fail() : void events.push(event)) } });
    const one = call();
    expect((await send(to, one)).status).toBe(500);
    fails = false;
    expect((await send(to, one)).status).toBe(200);
    expect(events).toHaveLength(1);
    expect(stats()).toMatchObject({ inFlight: 0, bufferedBytes: 0, handlerErrors: 1 });
  });

  it('a handler that calls back twice is one outcome', async () => {
    const { to, stats } = await open({
      on: {
        '*': () => ({
          then(resolve: () => void, reject: (error: Error) => void) {
            resolve();
            resolve();
            reject(new Error('changed its mind'));
            throw new Error('and again');
          },
        }),
      },
    });
    const one = call();
    expect((await send(to, one)).status).toBe(200);
    expect((await send(to, one)).status).toBe(200);
    expect(stats()).toMatchObject({ accepted: 1, duplicates: 1, inFlight: 0 });
  });

  it('handlers that never settle hold so much and no more; what comes then is told to come later', async () => {
    const stuck = signal();
    atEnd(() => stuck.resolve());
    const { to, stats } = await open({
      on: { '*': () => stuck.promise },
      handlerTimeoutMs: 20,
      maxConcurrentCalls: 3,
    });
    for (let i = 0; i < 3; i++) expect((await send(to)).status).toBe(503);
    const refused = await send(to);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    expect(stats().rejected).toEqual({ ERR_HANDLER_TIMEOUT: 3, ERR_OVERLOADED: 1 });
    expect(stats().bufferedBytes).toBeGreaterThan(0);
    stuck.resolve();
    await until(() => stats().inFlight === 0);
    expect(stats().bufferedBytes).toBe(0);
    expect((await send(to)).status).toBe(200);
  });

  it('a handler that settles after its client has gone has handled the event', async () => {
    const begun = signal();
    const go = signal();
    const { to, stats } = await open({
      on: {
        '*': async () => {
          begun.resolve();
          await go.promise;
        },
      },
    });
    const one = call();
    const { hostname, port } = new URL(to);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(wire(one));
    await begun.promise;
    socket.resetAndDestroy();
    await new Promise((resolve) => socket.once('close', resolve));
    go.resolve();
    await until(() => stats().accepted === 1 && stats().inFlight === 0);
    expect((await send(to, one)).status).toBe(200);
    expect(stats()).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  it('a handler that blocks the loop delays others, and loses none', async () => {
    const { to, stats } = await open({
      on: {
        '*': () => {
          const end = performance.now() + 50;
          while (performance.now() < end);
        },
      },
      handlerTimeoutMs: 10,
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(to)));
    expect(answers.map((one) => one.status)).toEqual(answers.map(() => 200));
    expect(stats()).toMatchObject({ accepted: 8, inFlight: 0 });
  });

  it('hooks and logs that throw, reject or never settle decide over nothing', async () => {
    const never = new Promise(() => {});
    const outcomes = [
      () => {
        throw new Error('hook');
      },
      () => Promise.reject(new Error('hook')),
      () => never,
    ];
    for (const hook of outcomes) {
      const log = { debug: hook, info: hook, warn: hook, error: hook };
      const { to, stats } = await open({
        log: log as never,
        onRejected: hook,
        onError: hook,
        onDuplicate: hook,
        on: { open: () => {}, click: () => Promise.reject(new Error('fails')) },
      });
      const one = call();
      expect((await send(to, one)).status).toBe(200);
      expect((await send(to, one)).status).toBe(200);
      expect((await send(to, call({ kind: 'click' }))).status).toBe(500);
      expect((await send(to, call({ fault: 'altered-body' }))).status).toBe(401);
      expect(stats().inFlight).toBe(0);
    }
    await turn();
  });

  it('a memory whose answers fail, early or late, is our fault: 500, and nothing hangs', async () => {
    const real = createReplayMemory();
    let broken = 'claim';
    const replay: ReplayMemory = {
      async claim(key, date) {
        if (broken === 'claim') throw new Error('claim');
        const answer = await real.claim(key, date);
        if (answer.state !== 'claimed') return answer;
        return {
          ...answer,
          confirm: async () => (broken === 'confirm' ? Promise.reject(new Error('confirm')) : answer.confirm()),
          release: async () => {
            answer.release();
            if (broken === 'release') throw new Error('release');
          },
        };
      },
      close: () => Promise.reject(new Error('close')),
    };
    let ms = 0;
    const { to, stats, close, log } = await open({
      replay,
      handlerTimeoutMs: 50,
      on: {
        open: () => new Promise((resolve) => setTimeout(resolve, ms)),
        click: () => Promise.reject(new Error('fails')),
      },
    });
    expect((await send(to)).status).toBe(500);
    broken = 'release';
    expect((await send(to, call({ kind: 'click' }))).status).toBe(500);
    broken = 'confirm';
    expect((await send(to)).status).toBe(500);
    ms = 200; // over its time: now the memory fails when nobody waits for it any more
    expect((await send(to)).status).toBe(503);
    await until(() => stats().inFlight === 0);
    await close();
    expect(log.lines.filter((line) => line.includes('Error: ')).length).toBeGreaterThan(3);
  });

  it('a clock that throws refuses, and everyone gets an answer', async () => {
    const { to, stats } = await open({
      clock: () => {
        throw new Error('no time');
      },
      on: {},
    });
    expect((await send(to)).status).toBe(500);
    expect(stats().inFlight).toBe(0);
  });

  it('what fails at every call does not flood the log, nor forge its lines', async () => {
    const { to, log } = await open({
      on: {},
      onRejected: () => {
        throw new Error('first\nsmtpeter-webhooks: forged line\u202e');
      },
    });
    for (let i = 0; i < 30; i++) await send(to, call({ fault: 'altered-body' }));
    const lines = log.lines.filter((line) => line.includes('onRejected failed'));
    expect(lines).toHaveLength(5);
    expect(log.lines.join('')).not.toMatch(/[\n\u202e]/);
  });

  it('repeats of a call whose handler fails again and again wait no longer than one handler may take', async () => {
    const { to } = await open({
      handlerTimeoutMs: 300,
      on: {
        '*': async () => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          throw new Error('always');
        },
      },
    });
    const one = call();
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(to, one)));
    // One after the other would take 2.4 s; each of those that wait gives up after 0.3 s.
    expect(answers.filter((answer) => answer.status === 503).length).toBeGreaterThan(6);
    expect(answers.every((answer) => answer.status >= 500)).toBe(true);
  });
});

it('a response that another middleware has spoilt ends the connection, not the process', async () => {
  const { nodeReceiver } = await import('@smtpeter-webhooks/receiver/node');
  const receiver = nodeReceiver({ id, url, keys: keys(), log: false });
  const server = createServer((request, response) => {
    response.writeHead = () => {
      throw new Error('spoilt');
    };
    receiver(request, response);
  });
  const to = await listening(server);
  const outcome = await new Promise((resolve) => {
    httpRequest(to, { method: 'POST' }, () => resolve('an answer'))
      .on('error', () => resolve('closed'))
      .end();
  });
  expect(outcome).toBe('closed');
});
