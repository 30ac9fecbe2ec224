import { describe, expect, it } from 'vitest';
import { type AwaitedBody, bodyDeadlines } from './body-deadlines.js';

describe('bodies on their way', () => {
  it('are late in the order of their limits, not in that of their coming', async () => {
    const told: string[] = [];
    const both = ['slow', 'hasty'].map((name, i) =>
      awaited({ totalMs: 40 - 20 * i, idleMs: 500 }, () => told.push(name)),
    );
    await Promise.all(both);
    expect(told).toEqual(['hasty', 'slow']);
  });

  it('are late for want of a byte before the whole is', async () => {
    await expect(awaited({ totalMs: 5000, idleMs: 10 })).resolves.toBe(10);
  });

  it('are late as a whole however many bytes come', async () => {
    const farAway = performance.now() + 60_000;
    await expect(awaited({ totalMs: 10, idleMs: 5 }, () => {}, farAway)).resolves.toBe(10);
  });

  it('are forgotten once they are there, and the next one is watched all the same', async () => {
    const told: string[] = [];
    const there = body({ totalMs: 10, idleMs: 10 }, () => told.push('there'));
    bodyDeadlines.add(there);
    bodyDeadlines.delete(there);
    await awaited({ totalMs: 20, idleMs: 20 }, () => told.push('next'));
    await awaited({ totalMs: 5, idleMs: 5 }, () => told.push('last'));
    expect(told).toEqual(['next', 'last']);
  });
});

/** Gives how long it is said to have waited. */
function awaited(limits: { totalMs: number; idleMs: number }, tell = () => {}, lastByteAt?: number): Promise<number> {
  // The watch does not keep a process alive: the bodies' connections do, and here there are none.
  const alive = setInterval(() => {}, 1000);
  return new Promise<number>((resolve) => {
    const one = body(limits, (waitedMs) => {
      tell();
      resolve(waitedMs);
    });
    if (lastByteAt !== undefined) one.lastByteAt = lastByteAt;
    bodyDeadlines.add(one);
  }).finally(() => clearInterval(alive));
}

function body(limits: { totalMs: number; idleMs: number }, late: (waitedMs: number) => void): AwaitedBody {
  const since = performance.now();
  return { limits: { ...limits, maxBytes: 1 }, since, lastByteAt: since, late };
}
