import type { ReplayKey } from './replay-key.js';
import { ReplaySegment } from './replay-segment.js';

/** With keys that are not random at all a segment grows instead, so that the directory stays below 2^20 entries. */
const MAX_DEPTH = 20;

/**
 * A set of 16-octet keys by extendible hashing: segments, found by the leading bits of the key. It grows a segment at a
 * time, so that no insertion ever moves more than one segment. Keys are bytes of verified signatures: as good as random,
 * and not for an attacker to choose, so they are their own hash.
 */
export class ReplayGeneration {
  /** By the leading bits; segments that share fewer of them stand there several times, side by side. */
  #directory: ReplaySegment[] = [new ReplaySegment(0)];
  /** How many leading bits the directory goes by. */
  #depth = 0;
  #size = 0;

  /** How many keys it holds. */
  get size(): number {
    return this.#size;
  }

  has(key: ReplayKey): boolean {
    return this.#segmentOf(key).has(key);
  }

  /** Adds a key that is not there yet. */
  add(key: ReplayKey): void {
    let segment = this.#segmentOf(key);
    while (segment.isFull) {
      if (segment.isLarge && segment.depth < MAX_DEPTH) this.#split(segment, key);
      else segment.grow();
      segment = this.#segmentOf(key);
    }
    segment.add(key);
    this.#size++;
  }

  #segmentOf(key: ReplayKey): ReplaySegment {
    return this.#directory[leadingBits(key, this.#depth)] as ReplaySegment;
  }

  /** @param key - one that belongs to the segment. */
  #split(segment: ReplaySegment, key: ReplayKey): void {
    if (segment.depth === this.#depth) this.#double();
    const high = segment.split();
    const places = 2 ** (this.#depth - high.depth);
    const first = (leadingBits(key, high.depth) | 1) * places;
    this.#directory.fill(high, first, first + places);
  }

  #double(): void {
    const doubled: ReplaySegment[] = [];
    for (const segment of this.#directory) doubled.push(segment, segment);
    this.#directory = doubled;
    this.#depth++;
  }
}

function leadingBits(key: ReplayKey, count: number): number {
  // A shift by 32 bits would be one by none.
  return count === 0 ? 0 : key.a >>> (32 - count);
}
