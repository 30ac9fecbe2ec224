import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplayAnswer, ReplayClaim } from './replay.js';
import { createReplayMemory, type ReplayMemoryOptions } from './replay-memory.js';
import type { Tolerance } from './verifier.js';

const start = Date.UTC(2026, 0, 1);
const keyOf = (n: number) => createHash('sha256').update(String(n)).digest().subarray(0, 16);

function memoryAt(options: ReplayMemoryOptions = {}) {
  const time = { now: start };
  const memory = createReplayMemory({ clock: () => time.now, ...options });
  return { time, claim: (key: Uint8Array, date: number) => memory.claim(key, date) as ReplayAnswer };
}

function claimed(answer: ReplayAnswer): ReplayClaim {
  if (answer.state !== 'claimed') throw new Error(`claimed was expected, got ${answer.state}`);
  return answer;
}

describe('a call is claimed', () => {
  it('once: while it is handled a repeat is told to wait, and afterwards that it is a repeat', async () => {
    const { claim } = memoryAt();
    const first = claimed(claim(keyOf(1), start));
    const second = claim(keyOf(1), start);
    expect(second.state).toBe('pending');
    first.confirm();
    if (second.state === 'pending') await second.settled;
    expect(claim(keyOf(1), start).state).toBe('repeat');
    expect(claim(keyOf(2), start).state).toBe('claimed');
  });

  it('and whoever waits for it waits until it has ended', async () => {
    const { claim } = memoryAt();
    const first = claimed(claim(keyOf(1), start));
    const seen: string[] = [];
    const waiting = [claim(keyOf(1), start), claim(keyOf(1), start)].map(async (answer) => {
      if (answer.state === 'pending') await answer.settled;
      seen.push('settled');
    });
    for (let turn = 0; turn < 10; turn++) await undefined;
    seen.push('ended');
    first.confirm();
    await Promise.all(waiting);
    expect(seen).toEqual(['ended', 'settled', 'settled']);
  });

  it('again after it was released, so that an honest retry gets through', async () => {
    const { claim } = memoryAt();
    const first = claimed(claim(keyOf(1), start));
    const second = claim(keyOf(1), start);
    first.release();
    if (second.state === 'pending') await second.settled;
    claimed(claim(keyOf(1), start)).confirm();
    expect(claim(keyOf(1), start).state).toBe('repeat');
  });

  it('with one outcome: what comes after the first confirm or release changes nothing', () => {
    const { claim } = memoryAt();
    const first = claimed(claim(keyOf(1), start));
    first.release();
    const second = claimed(claim(keyOf(1), start));
    first.confirm();
    expect(claim(keyOf(1), start).state).toBe('pending');
    second.confirm();
    second.release();
    expect(claim(keyOf(1), start).state).toBe('repeat');
  });

  it('by the octets that were given, whatever becomes of their buffer', () => {
    const { claim } = memoryAt();
    const key = Uint8Array.from(keyOf(1));
    const first = claimed(claim(key, start));
    key.fill(0);
    first.confirm();
    expect(claim(keyOf(1), start).state).toBe('repeat');
    expect(claim(key, start).state).toBe('claimed');
  });
});

describe('a handled call is remembered', () => {
  it('until its Date falls out of the tolerance, on both sides', () => {
    const { time, claim } = memoryAt({ toleranceSeconds: 300 });
    const future = start + 300_000;
    claimed(claim(keyOf(1), future)).confirm();
    // It stays acceptable until 300 s after its own Date: 600 s from now.
    for (let seconds = 0; seconds <= 600; seconds += 20) {
      time.now = start + seconds * 1000;
      claimed(claim(keyOf(1000 + seconds), time.now)).confirm();
      expect(claim(keyOf(1), future).state).toBe('repeat');
    }
  });

  it('and never becomes acceptable when the clock is set back', () => {
    const { time, claim } = memoryAt();
    claimed(claim(keyOf(1), start)).confirm();
    time.now = start + 3_600_000;
    claimed(claim(keyOf(2), time.now)).confirm();
    time.now = start;
    expect(claim(keyOf(1), start).state).toBe('forgotten');
  });

  it('and a clock that jumps ahead for a while does not shut out the present', () => {
    const { time, claim } = memoryAt();
    const slow = claimed(claim(keyOf(1), start));
    time.now = start + 3_600_000;
    slow.confirm();
    time.now = start + 1000;
    expect(claim(keyOf(2), start).state).toBe('claimed');
  });

  it('unless the memory is full: then the oldest Dates go first, and what is dated before them is refused', () => {
    const { claim } = memoryAt({ maxEntries: 1024, toleranceSeconds: 300 });
    for (let n = 0; n < 2048; n++) claimed(claim(keyOf(n), start - 290_000 + Math.floor(n / 4) * 1000)).confirm();
    expect(claim(keyOf(0), start - 290_000).state).toBe('forgotten');
    expect(claim(keyOf(99_999), start - 290_000).state).toBe('forgotten');
    expect(claim(keyOf(2047), start - 290_000 + 511_000).state).toBe('repeat');
    expect(claim(keyOf(99_998), start + 200_000).state).toBe('claimed');
  });
});

describe('a memory forgets by spans of Dates', () => {
  /** A full memory, all of one Date, and one call more. */
  const overfull = (toleranceSeconds: Tolerance, next: number) => {
    const { claim } = memoryAt({ maxEntries: 1024, toleranceSeconds });
    for (let n = 0; n < 1024; n++) claimed(claim(keyOf(n), start)).confirm();
    expect(claim(keyOf(0), start).state).toBe('repeat');
    claimed(claim(keyOf(5000), next)).confirm();
    return claim;
  };

  it.each<[string, Tolerance, number]>([
    ['a sixtieth of the tolerance', 300, 10_000],
    ['a sixtieth of both of its directions', { past: 100, future: 480 }, 10_000],
    ['at least a second', 1, 1000],
    ['an hour, without a limit on age', Number.POSITIVE_INFINITY, 3_600_000],
  ])('of %s: once it is full the oldest goes, and nothing after it', (_, toleranceSeconds, width) => {
    const claim = overfull(toleranceSeconds, start + width);
    expect(claim(keyOf(0), start).state).toBe('forgotten');
    expect(claim(keyOf(6000), start + width - 1).state).toBe('forgotten');
    expect(claim(keyOf(6001), start + width).state).toBe('claimed');
    expect(claim(keyOf(5000), start + width).state).toBe('repeat');
  });

  it('and remembers of the span that comes next', () => {
    const claim = overfull(300, start + 10_000);
    claimed(claim(keyOf(5001), start + 10_000)).confirm();
    expect(claim(keyOf(5001), start + 10_000).state).toBe('repeat');
  });

  it('and makes room by it for as many as went', () => {
    const claim = overfull(300, start + 10_000);
    for (let n = 6000; n < 7023; n++) claimed(claim(keyOf(n), start + 20_000)).confirm();
    expect(claim(keyOf(5000), start + 10_000).state).toBe('repeat');
    claimed(claim(keyOf(7023), start + 20_000)).confirm();
    expect(claim(keyOf(5000), start + 10_000).state).toBe('forgotten');
    expect(claim(keyOf(6000), start + 20_000).state).toBe('repeat');
  });

  it('in the order of Dates, whatever the order in which they came', () => {
    const { claim } = memoryAt({ maxEntries: 1024 });
    const dates = [start + 20_000, start, start + 10_000];
    for (let n = 0; n < 1024; n++) claimed(claim(keyOf(n), dates[n % 3] as number)).confirm();
    claimed(claim(keyOf(5000), start + 10_000)).confirm();
    expect(claim(keyOf(1), start).state).toBe('forgotten');
    expect(claim(keyOf(2), start + 10_000).state).toBe('repeat');
    expect(claim(keyOf(0), start + 20_000).state).toBe('repeat');
  });

  it('when their last Date is out of the tolerance, and not before', () => {
    const { time, claim } = memoryAt({ toleranceSeconds: { past: 200, future: 400 } });
    claimed(claim(keyOf(0), start)).confirm();
    time.now = start + 210_000;
    claimed(claim(keyOf(1), time.now)).confirm();
    expect(claim(keyOf(0), start).state).toBe('repeat');
    time.now += 10_001;
    claimed(claim(keyOf(2), time.now)).confirm();
    expect(claim(keyOf(0), start).state).toBe('forgotten');
    expect(claim(keyOf(3), start + 9_999).state).toBe('forgotten');
    expect(claim(keyOf(3), start + 10_000).state).toBe('claimed');
  });

  it('by the newest Date that a call can have had, when the clock is further than that', () => {
    const { time, claim } = memoryAt({ toleranceSeconds: { past: 200, future: 400 } });
    claimed(claim(keyOf(0), start)).confirm();
    claimed(claim(keyOf(1), start + 10_000)).confirm();
    claimed(claim(keyOf(2), start + 20_000)).confirm();
    time.now = start + 86_400_000;
    // The newest call is of this Date; so the present is at most 400 s after it, by what the tolerance lets in.
    claimed(claim(keyOf(3), start - 180_000)).confirm();
    expect(claim(keyOf(2), start + 20_000).state).toBe('forgotten');
    const { time: later, claim: other } = memoryAt({ toleranceSeconds: { past: 400, future: 200 } });
    for (const n of [0, 1, 2]) claimed(other(keyOf(n), start + n * 10_000)).confirm();
    claimed(other(keyOf(3), start + 215_000)).confirm();
    later.now = start + 86_400_000;
    claimed(other(keyOf(4), start + 205_000)).confirm();
    expect(other(keyOf(0), start + 4_999).state).toBe('forgotten');
    expect(other(keyOf(1), start + 10_000).state).toBe('repeat');
  });

  it('once and for all, also when a handler ends after its call was forgotten', () => {
    const { claim } = memoryAt({ maxEntries: 1024 });
    const slow = claimed(claim(keyOf(9000), start));
    for (let n = 0; n < 1025; n++) claimed(claim(keyOf(n), start + (n < 1024 ? 30_000 : 40_000))).confirm();
    expect(claim(keyOf(9001), start + 39_999).state).toBe('forgotten');
    slow.confirm();
    for (let n = 2000; n < 3023; n++) claimed(claim(keyOf(n), start + 50_000)).confirm();
    expect(claim(keyOf(1024), start + 40_000).state).toBe('repeat');
    expect(claim(keyOf(9001), start + 39_999).state).toBe('forgotten');
    expect(claim(keyOf(9000), start).state).toBe('forgotten');
  });
});

describe('the memory', () => {
  it('says of 200,000 calls exactly which were there, and of none that it was when it was not', () => {
    const { claim } = memoryAt();
    for (let n = 0; n < 200_000; n++) {
      const answer = claim(keyOf(n), start + (n % 3) * 1000);
      if (answer.state !== 'claimed') throw new Error(`call ${n} is new, but was ${answer.state}`);
      answer.confirm();
    }
    for (let n = 0; n < 200_000; n++) {
      const { state } = claim(keyOf(n), start + (n % 3) * 1000);
      if (state !== 'repeat') throw new Error(`call ${n} was there, but was ${state}`);
    }
    expect(claim(keyOf(200_000), start).state).toBe('claimed');
  }, 60_000);

  it('takes keys that are alike, and one of zeros', () => {
    const { claim } = memoryAt();
    const keys = Array.from({ length: 3000 }, (_, n) => Uint8Array.of(...new Array(14).fill(0), n >> 8, n & 255));
    for (const key of keys) claimed(claim(key, start)).confirm();
    for (const key of keys) expect(claim(key, start).state).toBe('repeat');
  });

  it('agrees with a plain map over any order of claims, confirmations and releases', () => {
    const step = fc.record({
      act: fc.constantFrom('claim', 'confirm', 'release'),
      key: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { claim } = memoryAt();
        const model = new Map<number, 'repeat' | 'pending'>();
        const open = new Map<number, ReplayClaim>();
        for (const { act, key } of steps) {
          if (act === 'claim') {
            const answer = claim(keyOf(key), start);
            expect(answer.state).toBe(model.get(key) ?? 'claimed');
            if (answer.state === 'claimed') {
              open.set(key, answer);
              model.set(key, 'pending');
            }
            continue;
          }
          const held = open.get(key);
          if (held === undefined) continue;
          open.delete(key);
          if (act === 'confirm') model.set(key, 'repeat');
          else model.delete(key);
          held[act]();
        }
      }),
      { seed: 20261123, numRuns: 1_000 },
    );
  });

  it.each([0, -1, Number.NaN, { past: 0, future: 300 }, { past: 300, future: -1 }, { past: 300 }, '300'])(
    'refuses the tolerance %j',
    (toleranceSeconds) => {
      expect(() => createReplayMemory({ toleranceSeconds: toleranceSeconds as number })).toThrow(
        /^toleranceSeconds: give seconds above 0/,
      );
    },
  );

  it.each([0, 1023, 1e9 + 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %j entries', (maxEntries) => {
    expect(() => createReplayMemory({ maxEntries })).toThrow(
      new TypeError('maxEntries: give a whole number of at least 1024.'),
    );
  });
});
