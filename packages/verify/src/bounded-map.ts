/**
 * A map that forgets what was set longest ago once it holds more than it may. Values that say that they were used since
 * the last time that they were up for it stay once more.
 */
export class BoundedMap<V> {
  readonly #map = new Map<string, V>();
  readonly #max: number;
  readonly #takeUsed: ((value: V) => boolean) | undefined;

  /** @param takeUsed - whether the value was used since it was last asked; it forgets by being asked. */
  constructor(max: number, takeUsed?: (value: V) => boolean) {
    this.#max = max;
    this.#takeUsed = takeUsed;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size <= this.#max) return;
    for (const [oldest, old] of this.#map) {
      this.#map.delete(oldest);
      if (this.#takeUsed?.(old) !== true) return;
      this.#map.set(oldest, old);
    }
  }

  delete(key: string): void {
    this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }
}
