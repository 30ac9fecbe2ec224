import type { ReplayKey } from './replay-key.js';

const WORDS = 4;
const MIN_SLOTS = 64;
/** A segment of 16,384 slots is 272 KiB; splitting it takes a fraction of a millisecond. */
const MAX_SLOTS = 16_384;
const MAX_LOAD = 0.85;

/**
 * A part of a set of 16-octet keys, by open addressing in typed arrays: there is nothing for a collector to follow. Each
 * slot has a tag besides its key, so that a look for a key that is not there, as nearly all are, stays in the tags: of
 * millions of calls these still fit into a processor's cache, which the keys do not.
 */
export class ReplaySegment {
  /** How many leading bits its keys share. */
  depth: number;
  /** One a slot, from 1; 0 marks a free one. */
  #tags: Uint8Array;
  /** Four a slot. */
  #words: Int32Array;
  #used = 0;

  constructor(depth: number, slots = MIN_SLOTS) {
    this.depth = depth;
    this.#tags = new Uint8Array(slots);
    this.#words = new Int32Array(slots * WORDS);
  }

  get isFull(): boolean {
    return this.#used >= this.#tags.length * MAX_LOAD;
  }

  /** Whether it is so large that it had better be split than grow. */
  get isLarge(): boolean {
    return this.#tags.length >= MAX_SLOTS;
  }

  has(key: ReplayKey): boolean {
    const tags = this.#tags;
    const words = this.#words;
    const own = tagOf(key.d);
    let slot = firstSlot(key.b, tags);
    // The load leaves free slots, so this ends.
    for (let tag = tags[slot]; tag !== 0; tag = tags[slot]) {
      if (tag === own) {
        const at = slot * WORDS;
        const same = words[at] === key.a && words[at + 1] === key.b;
        if (same && words[at + 2] === key.c && words[at + 3] === key.d) return true;
      }
      slot = (slot + 1) & (tags.length - 1);
    }
    return false;
  }

  /** Adds a key that is not there, to a segment that is not full. */
  add({ a, b, c, d }: ReplayKey): void {
    this.#put(a, b, c, d);
  }

  /** Doubles the room. */
  grow(): void {
    const tags = this.#tags;
    const words = this.#words;
    this.#tags = new Uint8Array(tags.length * 2);
    this.#words = new Int32Array(words.length * 2);
    this.#used = 0;
    for (let slot = 0; slot < tags.length; slot++) if (tags[slot] !== 0) this.#take(words, slot * WORDS);
  }

  /** Gives away the keys whose next bit is 1: to a new segment, which shares one bit more, as this one does now. */
  split(): ReplaySegment {
    const { tags, words } = aside(this.#tags, this.#words);
    this.#tags.fill(0);
    this.#used = 0;
    this.depth++;
    const high = new ReplaySegment(this.depth, tags.length);
    for (let slot = 0; slot < tags.length; slot++) {
      if (tags[slot] === 0) continue;
      const at = slot * WORDS;
      const bit = ((words[at] ?? 0) >>> (32 - this.depth)) & 1;
      (bit === 0 ? this : high).#take(words, at);
    }
    return high;
  }

  #take(words: Int32Array, at: number): void {
    this.#put(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
  }

  #put(a: number, b: number, c: number, d: number): void {
    const tags = this.#tags;
    const words = this.#words;
    let slot = firstSlot(b, tags);
    while (tags[slot] !== 0) slot = (slot + 1) & (tags.length - 1);
    tags[slot] = tagOf(d);
    const at = slot * WORDS;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    this.#used++;
  }
}

/** One room for all: a new one for each split would set the collector going again and again. */
const room = { tags: new Uint8Array(0), words: new Int32Array(0) };

/** A copy of a segment's slots, good until the next one. */
function aside(tags: Uint8Array, words: Int32Array): { readonly tags: Uint8Array; readonly words: Int32Array } {
  if (room.tags.length !== tags.length) {
    room.tags = new Uint8Array(tags.length);
    room.words = new Int32Array(words.length);
  }
  room.tags.set(tags);
  room.words.set(words);
  return room;
}

/** The leading bits of the first word chose the segment; the second one is as good as random still. */
function firstSlot(b: number, { length }: Uint8Array): number {
  return b & (length - 1);
}

function tagOf(d: number): number {
  return d & 0xff || 1;
}
