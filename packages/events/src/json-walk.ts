import { DecodeError } from './decode-error.js';
import type { RawValue } from './raw.js';

/** How far JSON may go. */
export interface JsonLimits {
  readonly depth: number;
  readonly fields: number;
}

/**
 * Goes over what `JSON.parse` gave: takes the prototypes off, counts, and adds up how long its JSON is at the least.
 *
 * A text that is not longer than that has nothing else in it: no key twice, no digit that was lost, no white space.
 * For no part of a text is shorter than it is counted here: a string takes its length and two quotes, escapes more. Of
 * numbers only those are counted that can be written no other way in so few characters; one that can (1000 is 1e3) or
 * that may have lost something makes the length infinite.
 */
export class JsonWalk {
  keys = 0;
  length = 0;
  #values = 0;
  readonly #limits: JsonLimits;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /** @throws DecodeError `too-deep`, `too-many-fields`. */
  over(value: RawValue, depth: number): void {
    if (typeof value === 'string') {
      this.length += value.length + 2;
    } else if (typeof value === 'number') {
      this.length += numberLength(value);
    } else if (typeof value !== 'object' || value === null) {
      this.length += value === false ? 5 : 4;
    } else {
      if (depth > this.#limits.depth) throw new DecodeError('too-deep', `nested more than ${this.#limits.depth} deep`);
      if (Array.isArray(value)) this.#overList(value, depth);
      else this.#overObject(Object.setPrototypeOf(value, null), depth);
    }
  }

  #overList(list: readonly RawValue[], depth: number): void {
    this.#count(list.length);
    for (const one of list) this.over(one, depth + 1);
  }

  #overObject(object: Readonly<Record<string, RawValue>>, depth: number): void {
    let keys = 0;
    for (const name in object) {
      keys++;
      // Two quotes and a colon.
      this.length += name.length + 3;
      this.over(object[name] as RawValue, depth + 1);
    }
    this.keys += keys;
    this.#count(keys);
  }

  /** Two brackets, and commas between. */
  #count(values: number): void {
    this.length += values === 0 ? 2 : values + 1;
    this.#values += values;
    if (this.#values > this.#limits.fields)
      throw new DecodeError('too-many-fields', `more than ${this.#limits.fields} fields`);
  }
}

/** How many characters a number takes, if it cannot have been written otherwise in as few; else infinity. */
function numberLength(value: number): number {
  if (!Number.isSafeInteger(value)) return Number.POSITIVE_INFINITY;
  if (value === 0) return 1;
  if (value % 100 === 0) return Number.POSITIVE_INFINITY;
  let length = value < 0 ? 2 : 1;
  for (let rest = Math.abs(value); rest >= 10; rest /= 10) length++;
  return length;
}
