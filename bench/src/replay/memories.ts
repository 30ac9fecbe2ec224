import { existsSync, openSync, readSync } from 'node:fs';
import { createReplayMemory } from '@smtpeter-webhooks/verify';
import { Peers } from '../peers.js';

/* A process that fills one memory and tells what that took. */

/** Which memory, and how many calls. */
export interface MemoryOrder {
  readonly memory: 'ours' | 'a Set of texts' | 'a Map from text to time' | 'lru-cache';
  readonly entries: number;
}

export interface MemoryReport {
  /** Resident bytes a call, after a collection. */
  readonly bytes: number;
  /** Processor time to ask and remember one. */
  readonly cpuNs: number;
  /** The longest that 256 of them took. */
  readonly pauseMs: number;
}

const BATCH = 256;
const WARM_UP = 100_000;
const PAST_SECONDS = 300;

/** Linux: nanoseconds on a processor, nanoseconds in wait of one, and how often. */
const schedstat = '/proc/self/schedstat';
const scheduleText = Buffer.alloc(128);
const schedule = existsSync(schedstat) ? openSync(schedstat, 'r') : undefined;

process.on('message', async (order: MemoryOrder) => {
  // As in a server that has run for a while: what is measured is not the compiler.
  fill(await memoryOf({ ...order, entries: WARM_UP }), WARM_UP);
  const take = await memoryOf(order);
  globalThis.gc?.();
  const before = bytesNow();
  const cpu = process.cpuUsage();
  const pauseMs = fill(take, order.entries);
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  const report: MemoryReport = {
    bytes: (bytesNow() - before) / order.entries,
    cpuNs: ((user + system) * 1000) / order.entries,
    pauseMs,
  };
  process.send?.(report);
});

/** @returns the longest time that a batch took, in milliseconds. */
function fill(take: (key: Uint8Array, date: number) => void, entries: number): number {
  const key = new Uint8Array(16);
  const words = new Uint32Array(key.buffer);
  const start = Date.now() - PAST_SECONDS * 1000;
  let state = 0x9e3779b9;
  let pauseMs = 0;
  let began = performance.now() - waitedMs();
  for (let done = 0; done < entries; done += BATCH) {
    // Dates as they come: going forward over the tolerance.
    const date = start + Math.floor((done / entries) * PAST_SECONDS) * 1000;
    for (let i = 0; i < BATCH; i++) {
      // xorshift: as good as random, and no two alike within the run.
      for (let word = 0; word < 4; word++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        words[word] = state;
      }
      words[0] = (words[0] ?? 0) ^ done;
      take(key, date);
    }
    const ended = performance.now() - waitedMs();
    pauseMs = Math.max(pauseMs, ended - began);
    began = ended;
  }
  return pauseMs;
}

/** How long the main thread was ready to run, and something else on the machine ran instead; 0 where nobody counts. */
function waitedMs(): number {
  if (schedule === undefined) return 0;
  const length = readSync(schedule, scheduleText, 0, scheduleText.length, 0);
  return Number(scheduleText.toString('latin1', 0, length).split(' ')[1]) / 1e6;
}

function bytesNow(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function memoryOf({ memory, entries }: MemoryOrder): Promise<(key: Uint8Array, date: number) => void> {
  const text = (key: Uint8Array) => Buffer.from(key.buffer).toString('latin1');
  switch (memory) {
    case 'ours': {
      const ours = createReplayMemory({ maxEntries: entries * 2 + 1024, toleranceSeconds: 3600 });
      return (key, date) => {
        const answer = ours.claim(key, date);
        if (answer instanceof Promise || answer.state !== 'claimed')
          throw new Error('A new call was taken for another.');
        void answer.confirm();
      };
    }
    case 'a Set of texts': {
      const set = new Set<string>();
      return (key) => {
        const one = text(key);
        if (set.has(one)) throw new Error('A new call was taken for another.');
        set.add(one);
      };
    }
    case 'a Map from text to time': {
      const map = new Map<string, number>();
      return (key, date) => {
        const one = text(key);
        if (map.has(one)) throw new Error('A new call was taken for another.');
        map.set(one, date);
      };
    }
    case 'lru-cache': {
      const peer = await new Peers().load<{ LRUCache: new (options: object) => LruCache }>('lru-cache');
      if (peer === undefined) throw new Error('lru-cache is not installed.');
      const cache = new peer.LRUCache({ max: entries + BATCH });
      return (key, date) => {
        const one = text(key);
        if (cache.has(one)) throw new Error('A new call was taken for another.');
        cache.set(one, date);
      };
    }
  }
}

interface LruCache {
  has(key: string): boolean;
  set(key: string, value: number): void;
}
