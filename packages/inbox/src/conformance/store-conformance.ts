import { randomBytes } from 'node:crypto';
import type { InboxStore } from '../store.js';
import { keeping } from './keeping.js';
import { mending } from './mending.js';
import { order } from './order.js';
import { taking } from './taking.js';

/** What the cases need: stores that share one empty place, as two processes would. */
export interface ConformanceSetting {
  /** Gives a store at the place of this name; the same place for the same name, empty the first time. */
  open(place: string): Promise<InboxStore<unknown>>;
}

/** Something that every store must do. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws AssertionError, as a rejection, when the store does not do it. */
  run(setting: ConformanceSetting): Promise<void>;
}

/**
 * What every store must do, as cases for any test runner: `for (const { name, run } of storeConformance()) it(name, () =>
 * run({ open }))`.
 */
export function storeConformance(): readonly ConformanceCase[] {
  return Object.entries({ ...keeping, ...taking, ...order, ...mending }).map(([name, body]) => ({
    name,
    async run({ open }) {
      const place = `place-${randomBytes(6).toString('hex')}`;
      const store = await open(place);
      const other = await open(place);
      try {
        await body(store, other);
      } finally {
        await store.close();
        await other.close();
      }
    },
  }));
}
