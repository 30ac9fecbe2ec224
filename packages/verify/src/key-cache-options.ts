/** What became known about the keys at a name. */
export interface KeyChange {
  /** `seen`: for the first time; `replaced`: by others, as in a rotation; `gone`: revoked, or removed from DNS. */
  readonly change: 'seen' | 'replaced' | 'gone';
  readonly keyId: string;
  /** RFC 7638 thumbprints of the keys that are in use now. */
  readonly thumbprints: readonly string[];
  /** Those of the keys that were in use before. */
  readonly previous: readonly string[];
}

/** The settings of {@link dnsKeys}. */
/** How keys are looked up and kept, whichever way DNS is asked. */
export interface KeyCacheOptions {
  /** For one look-up, all servers and repeats together: 100 to 30,000 ms, default 2,000. */
  readonly timeoutMs?: number;
  /** How long an answer with keys is used: 1 to 86,400 s, default 600. Less where the answer says so (`dohKeys`). */
  readonly cacheSeconds?: number;
  /** How long an answer without keys is used: 1 to 86,400 s, default 10: a stranger may ask for a new key's name early. */
  readonly negativeCacheSeconds?: number;
  /** How old keys may become while DNS fails: 0 to 604,800 s, default 86,400. */
  readonly maxStaleSeconds?: number;
  /**
   * A signature that fails under a cached key causes one fresh look-up in so long a time, a name: 1 to 3,600 s, default
   * 5; and one in each fifth of it while `newNamesPerSecond` is not used up by new names, of which these are part.
   */
  readonly refreshIntervalSeconds?: number;
  /**
   * Names never seen before that are looked up in a second, twice as many at once: 1 to 1,000, default 10. What they
   * leave is for names that are looked up again early.
   */
  readonly newNamesPerSecond?: number;
  /** Names whose keys are kept: 1 to 100,000, default 256. */
  readonly maxKeys?: number;
  /** Names without keys that are remembered as such, apart from the others: 1 to 1,000,000, default 1,024. */
  readonly maxNegatives?: number;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
  /** Told when a key is first seen, replaced or gone: a good thing to log. What it throws is ignored. */
  readonly onKey?: (change: KeyChange) => void;
}

/** The options with their defaults, checked; times in milliseconds. */
export interface KeyCacheSettings {
  readonly timeoutMs: number;
  readonly cacheMs: number;
  readonly negativeMs: number;
  readonly staleMs: number;
  readonly refreshIntervalMs: number;
  readonly newNamesPerSecond: number;
  readonly maxKeys: number;
  readonly maxNegatives: number;
  readonly clock: () => number;
  readonly onKey: (change: KeyChange) => void;
}

/** @throws TypeError that names the option, and its range. */
export function readKeyCacheOptions(options: KeyCacheOptions): KeyCacheSettings {
  const number = (name: keyof KeyCacheOptions, fallback: number, min: number, max: number): number => {
    const value = options[name] ?? fallback;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    throw new TypeError(`${name}: give a number from ${min} to ${max}.`);
  };
  return {
    timeoutMs: number('timeoutMs', 2000, 100, 30_000),
    cacheMs: number('cacheSeconds', 600, 1, 86_400) * 1000,
    negativeMs: number('negativeCacheSeconds', 10, 1, 86_400) * 1000,
    staleMs: number('maxStaleSeconds', 86_400, 0, 604_800) * 1000,
    refreshIntervalMs: number('refreshIntervalSeconds', 5, 1, 3600) * 1000,
    newNamesPerSecond: number('newNamesPerSecond', 10, 1, 1000),
    maxKeys: number('maxKeys', 256, 1, 100_000),
    maxNegatives: number('maxNegatives', 1024, 1, 1_000_000),
    clock: options.clock ?? Date.now,
    onKey: options.onKey ?? (() => {}),
  };
}
