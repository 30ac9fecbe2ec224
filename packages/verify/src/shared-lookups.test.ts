import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KeyLookup } from './key-source.js';
import { SharedLookups, type Underway } from './shared-lookups.js';

afterEach(() => void vi.useRealTimers());

const lookup: KeyLookup = { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: '' };
const never = new Promise<KeyLookup>(() => {});

/** An answer that comes when the test says so. */
function later() {
  let arrive = () => {};
  const answer = new Promise<KeyLookup>((resolve) => {
    arrive = () => resolve(lookup);
  });
  return { answer, arrive };
}

function lookups(overdueMs = 100) {
  const time = { now: 1000 };
  return { time, lookups: new SharedLookups(() => time.now, overdueMs) };
}

/** Lets so many calls wait for a name, and says for how many there was room. */
function wait(subject: SharedLookups, name: string, calls: number): number {
  let waiting = 0;
  for (let i = 0; i < calls; i++) if (subject.wait(subject.of(name) as Underway) !== undefined) waiting++;
  return waiting;
}

describe('a look-up that is under way', () => {
  it('is shared by all who want the same name, until it is there', async () => {
    const { lookups: subject } = lookups();
    const { answer, arrive } = later();
    const first = subject.share('a', answer);
    const second = subject.wait(subject.of('a') as Underway);
    expect(subject.of('b')).toBeUndefined();
    arrive();
    expect(await Promise.all([first, second])).toEqual([lookup, lookup]);
    expect(subject.of('a')).toBeUndefined();
  });

  it('is not waited for once it is overdue, nor when the clock was set back', () => {
    for (const [passed, there] of [
      [99, true],
      [100, false],
      [-1, false],
    ] as const) {
      const { lookups: subject, time } = lookups();
      void subject.share('a', never);
      time.now += passed;
      expect(subject.of('a') !== undefined, String(passed)).toBe(there);
    }
  });

  it('is waited for no longer than that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { lookups: subject, time } = lookups();
    void subject.share('a', never);
    time.now += 40;
    let answer: KeyLookup | undefined;
    void subject.wait(subject.of('a') as Underway)?.then((one) => {
      answer = one;
    });
    await vi.advanceTimersByTimeAsync(59);
    expect(answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(answer).toEqual({
      outcome: 'unavailable',
      code: 'ERR_KEY_LOOKUP_FAILED',
      detail: 'the look-up was cut off',
      retryAfterSeconds: 5,
    });
  });

  it('leaves no timer behind once it is there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { lookups: subject } = lookups();
    const { answer, arrive } = later();
    void subject.share('a', answer);
    const waits = subject.wait(subject.of('a') as Underway);
    expect(vi.getTimerCount()).toBe(1);
    arrive();
    expect([await waits, vi.getTimerCount()]).toEqual([lookup, 0]);
  });

  it('ends no other of the same name when it comes late after all', async () => {
    const { lookups: subject, time } = lookups();
    const late = later();
    const first = subject.share('a', late.answer);
    time.now += 100;
    expect(subject.of('a')).toBeUndefined();
    void subject.share('a', never);
    late.arrive();
    await first;
    expect(subject.of('a')).toBeDefined();
  });
});

describe('the calls that wait', () => {
  it('make room for other names, too, once their answers are overdue', () => {
    const { lookups: subject, time } = lookups();
    for (let i = 0; i < 1000; i++) void subject.share(`early${i}`, never);
    time.now += 50;
    for (let i = 0; i < 24; i++) void subject.share(`late${i}`, never);
    time.now += 49;
    expect(subject.isCrowded).toBe(true);
    time.now += 1;
    expect(subject.isCrowded).toBe(false);
    void subject.share('a', never);
    expect(wait(subject, 'a', 2000)).toBe(1024 - 24 - 1);
  });

  it('and the names are not kept for good, however few they are', () => {
    const { lookups: subject, time } = lookups();
    void subject.share('a', never);
    time.now += 100;
    void subject.share('b', never);
    time.now -= 1; // The first would not be overdue any more, if it were still there.
    expect(subject.of('a')).toBeUndefined();
  });

  it('are 1,024 and no more, but a few of each name', () => {
    const { lookups: subject } = lookups();
    void subject.share('a', never);
    void subject.share('b', never);
    expect(wait(subject, 'a', 1021)).toBe(1021);
    expect(subject.isCrowded).toBe(false);
    // The one that makes 1,024, and sixteen of this name in all.
    expect(wait(subject, 'b', 1)).toBe(1);
    expect(subject.isCrowded).toBe(true);
    expect(wait(subject, 'a', 1)).toBe(0);
    expect(wait(subject, 'b', 100)).toBe(14);
  });

  it('make room when their answer is there, and when it is overdue', async () => {
    const { lookups: subject, time } = lookups();
    const { answer, arrive } = later();
    const first = subject.share('a', answer);
    expect(wait(subject, 'a', 2000)).toBe(1023);
    expect(subject.isCrowded).toBe(true);
    arrive();
    await first;
    expect(subject.isCrowded).toBe(false);
    void subject.share('a', never);
    expect(wait(subject, 'a', 2000)).toBe(1023);
    time.now += 100;
    expect(subject.of('a')).toBeUndefined();
    expect(subject.isCrowded).toBe(false);
    void subject.share('a', never);
    expect(wait(subject, 'a', 2000)).toBe(1023);
  });
});
