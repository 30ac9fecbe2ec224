const MIN_SLOTS = 64;
/** A segment of 16,384 slots is 256 KiB; moving it when it splits takes about a millisecond. */
const MAX_SLOTS = 16_384;
const MAX_LOAD = 0.8;
/** With keys that are not random at all a segment grows instead, so that the directory stays below 2^20 entries. */
const MAX_DEPTH = 20;
const WORDS = 4;

/**
 * A set of 16-octet keys by extendible hashing: segments of open addressing in typed arrays, found by the leading bits
 * of the key. It grows a segment at a time, so that no insertion ever moves more than one segment, and the garbage
 * collector has nothing to follow. Keys are bytes of verified signatures: as good as random, and not for an attacker
 * to choose, so they are their own hash.
 */
export class ReplayGeneration {
  #directory: Segment[] = [newSegment(MIN_SLOTS, 0)];
  #depth = 0;
  #size = 0;

  /** How many keys it holds. */
  get size(): number {
    return this.#size;
  }

  /** @param key - 16 octets, one a character. */
  has(key: string): boolean {
    readWords(key);
    const segment = this.#segmentOf(keyWords);
    return isKeyAt(segment, find(segment, keyWords));
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    readWords(key);
    let segment = this.#segmentOf(keyWords);
    while (segment.used >= (segment.words.length / WORDS) * MAX_LOAD) {
      this.#grow(segment);
      segment = this.#segmentOf(keyWords);
    }
    const at = find(segment, keyWords);
    if (isKeyAt(segment, at)) return;
    for (let i = 0; i < WORDS; i++) segment.words[at * WORDS + i] = keyWords[i] ?? 0;
    segment.used++;
    this.#size++;
  }

  #segmentOf(words: Uint32Array): Segment {
    const index = this.#depth === 0 ? 0 : (words[0] ?? 0) >>> (32 - this.#depth);
    return this.#directory[index] as Segment;
  }

  #grow(segment: Segment): void {
    const slots = segment.words.length / WORDS;
    if (slots < MAX_SLOTS || segment.depth === MAX_DEPTH) {
      const larger = newSegment(slots * 2, segment.depth);
      moveAll(segment, () => larger);
      this.#replace(segment, () => larger);
      return;
    }
    if (segment.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((one) => [one, one]);
      this.#depth++;
    }
    const depth = segment.depth + 1;
    const low = newSegment(MAX_SLOTS, depth);
    const high = newSegment(MAX_SLOTS, depth);
    moveAll(segment, (first) => (((first >>> (32 - depth)) & 1) === 0 ? low : high));
    this.#replace(segment, (index) => (((index >>> (this.#depth - depth)) & 1) === 0 ? low : high));
  }

  #replace(segment: Segment, by: (index: number) => Segment): void {
    for (let i = 0; i < this.#directory.length; i++) {
      if (this.#directory[i] === segment) this.#directory[i] = by(i);
    }
  }
}

interface Segment {
  /** Four words a slot; a slot of zeros is free. */
  readonly words: Uint32Array;
  /** How many leading bits its keys share. */
  readonly depth: number;
  used: number;
}

function newSegment(slots: number, depth: number): Segment {
  return { words: new Uint32Array(slots * WORDS), depth, used: 0 };
}

/** The key that is looked for or added at the moment. Nothing waits between reading and using it. */
const keyWords = new Uint32Array(WORDS);

function readWords(key: string): void {
  for (let i = 0; i < WORDS; i++) {
    const at = i * 4;
    const high = (key.charCodeAt(at) << 24) | (key.charCodeAt(at + 1) << 16);
    keyWords[i] = high | (key.charCodeAt(at + 2) << 8) | key.charCodeAt(at + 3);
  }
  // All zeros marks a free slot; the one key that is all zeros is kept as another that cannot be told from it.
  if (keyWords[0] === 0 && keyWords[1] === 0 && keyWords[2] === 0 && keyWords[3] === 0) keyWords[3] = 1;
}

/** The slot that holds the key, or the free one where it belongs. The load leaves free slots, so this ends. */
function find(segment: Segment, key: Uint32Array): number {
  const { words } = segment;
  const mask = words.length / WORDS - 1;
  let slot = (key[1] ?? 0) & mask;
  for (;;) {
    const at = slot * WORDS;
    if (!isKeyAt(segment, slot)) return slot;
    if (words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3]) {
      return slot;
    }
    slot = (slot + 1) & mask;
  }
}

function isKeyAt(segment: Segment, slot: number): boolean {
  const { words } = segment;
  const at = slot * WORDS;
  return ((words[at] ?? 0) | (words[at + 1] ?? 0) | (words[at + 2] ?? 0) | (words[at + 3] ?? 0)) !== 0;
}

function moveAll(from: Segment, target: (firstWord: number) => Segment): void {
  for (let at = 0; at < from.words.length; at += WORDS) {
    if (!isKeyAt(from, at / WORDS)) continue;
    const key = from.words.subarray(at, at + WORDS);
    const to = target(key[0] ?? 0);
    to.words.set(key, find(to, key) * WORDS);
    to.used++;
  }
}
