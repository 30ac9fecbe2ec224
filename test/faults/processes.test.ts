import { eventKeyOf } from '@smtpeter-webhooks/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, id, send } from '../vendor.testing.js';
import { leavesNothingBehind } from './handles.testing.js';
import { type Life, startLife } from './process.testing.js';

leavesNothingBehind();

/** `FAULT_KILLS=200 npx vitest run test/faults/processes.test.ts` for a long form. */
const kills = Number(process.env['FAULT_KILLS'] ?? 12);
const GENEROUS_MS = 60_000;

describe('SIGTERM', { timeout: GENEROUS_MS }, () => {
  it('with 50 calls in flight: all are answered, none new is taken, and the process ends by itself', async () => {
    const life = await startLife({ held: true, closeMs: GENEROUS_MS });
    const inFlight = Array.from({ length: 50 }, () => send(life.to, call(), { timeoutMs: GENEROUS_MS }));
    await life.until(() => life.begun.length === 50);
    life.child.kill('SIGTERM');
    await life.until(life.isClosing);
    const late = await Promise.all(
      Array.from({ length: 5 }, () =>
        send(life.to).then(
          (result) => result.status,
          () => 'no connection',
        ),
      ),
    );
    expect(late.filter((outcome) => outcome !== 503 && outcome !== 'no connection')).toEqual([]);
    expect(life.handled).toEqual([]);
    life.child.send('release');
    expect((await Promise.all(inFlight)).map((result) => result.status)).toEqual(inFlight.map(() => 200));
    expect(await life.ended).toEqual({ code: 0, signal: null });
    expect(new Set(life.begun).size).toBe(50);
    expect([...life.handled].sort()).toEqual([...life.begun].sort());
  });

  it('with handlers that never end: the process ends all the same, and nobody is told 200', async () => {
    const life = await startLife({ held: true, closeMs: 500 });
    const inFlight = Array.from({ length: 10 }, () =>
      send(life.to, call(), { timeoutMs: GENEROUS_MS }).then(
        (result) => result.status,
        () => 0,
      ),
    );
    await life.until(() => life.begun.length === 10);
    life.child.kill('SIGTERM');
    expect(await life.ended).toEqual({ code: 0, signal: null });
    expect((await Promise.all(inFlight)).filter((status) => status >= 200 && status < 300)).toEqual([]);
  });
});

describe('SIGKILL', { timeout: GENEROUS_MS + kills * 5000 }, () => {
  it(`at ${kills} random moments under load: no event is lost, and none handled twice in one life`, async () => {
    const moments = fc.sample(fc.integer({ min: 0, max: 250 }), { numRuns: kills, seed: 20_261_124 });
    const lives: Life[] = [await startLife()];
    const answered: string[] = [];
    let retries = 0;
    let sending = true;
    /** Sends one event until it is told 2xx, then the next one; every attempt is the same call, octet by octet. */
    const sender = async () => {
      while (sending) {
        const one = call();
        for (;;) {
          const result = await send((lives.at(-1) as Life).to, one).catch(() => undefined);
          if (result !== undefined && result.status >= 200 && result.status < 300) break;
          retries++;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        answered.push(await eventKeyOf(id, one.body));
      }
    };
    const senders = Array.from({ length: 8 }, sender);
    for (const moment of moments) {
      const { child, ended, begun, until } = lives.at(-1) as Life;
      // There is load; then the moment is any.
      await until(() => begun.length >= 8);
      await new Promise((resolve) => setTimeout(resolve, moment));
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      lives.push(await startLife());
    }
    sending = false;
    await Promise.all(senders);
    // A process tells what its handler takes before it answers, and the channel keeps what was told: so this is all.
    const last = lives.at(-1) as Life;
    last.child.kill('SIGTERM');
    await last.ended;
    const reached = new Set(lives.flatMap((life) => life.begun));
    expect(answered.length).toBeGreaterThan(kills);
    expect(retries).toBeGreaterThan(0);
    for (const life of lives) expect(new Set(life.begun).size).toBe(life.begun.length);
    expect(answered.filter((key) => !reached.has(key))).toEqual([]);
    console.info(`${kills} kills: ${answered.length} events answered, ${retries} attempts more`);
  });
});
