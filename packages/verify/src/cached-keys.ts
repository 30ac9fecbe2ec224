import { BoundedMap } from './bounded-map.js';
import type { KeyCacheSettings } from './key-cache-options.js';
import { readKeyRecords } from './key-records.js';
import type { KeyLookup, KeySource, KeysFound, KeysRefused, KeysUnavailable } from './key-source.js';
import { lasts } from './lasts.js';
import { LookupGate } from './lookup-gate.js';
import { RefreshLimit } from './refresh-limit.js';
import { SharedLookups } from './shared-lookups.js';
import type { TxtQuery } from './txt-query.js';

/** DNS failed for a name without keys: it is not asked again for so long. */
const FAILURE_MS = 1000;
/** DNS failed for a name with keys: these are used on, and it is not asked again for so long. */
const RETRY_STALE_MS = 15_000;
/** New names wait so long for their turn. With the longest default look-up an answer takes less than 3 s. */
const MAX_WAIT_MS = 750;
const MAX_WAITING = 256;
/** So many are cancelled by closing; any other ends in its own time. */
const MAX_QUERIES = 1024;
/** A time to live of nothing would turn every call into a question. */
const MIN_TTL_MS = 5000;
/** From this part of its time on, an answer is renewed while it is still used. */
const RENEW_AT = 0.8;

interface Entry {
  readonly found: KeysFound;
  readonly stale: KeysFound;
  readonly fetchedAt: number;
  /** It is used for so long before it is asked for again. */
  readonly lastsMs: number;
  /** When DNS last failed for it: it is not asked again for a while. */
  failedAt: number;
  /** Since it was last up for being forgotten. */
  used: boolean;
}

function takeUsed(entry: Entry): boolean {
  const { used } = entry;
  entry.used = false;
  return used;
}

/** The time of an answer, which its own time to live can make shorter, to MIN_TTL_MS and no less. */
function atMost(milliseconds: number, ttlSeconds: number | undefined): number {
  if (ttlSeconds === undefined) return milliseconds;
  return Math.min(milliseconds, Math.max(MIN_TTL_MS, ttlSeconds * 1000));
}

/**
 * Keys as they stand in TXT records, whichever way those are asked for: answers are cached, calls that ask for one name
 * at the same time share one question, and keys that are known are used on while DNS fails.
 */
export class CachedKeys implements KeySource {
  readonly #settings: KeyCacheSettings;
  readonly #query: (name: string, timeoutMs: number) => TxtQuery;
  readonly #inBackground: boolean;
  readonly #gate: LookupGate;
  readonly #entries: BoundedMap<Entry>;
  /** Apart from the keys, so that a flood of names cannot push those out. */
  readonly #negatives: BoundedMap<{ readonly answer: KeyLookup; readonly since: number; readonly lastsMs: number }>;
  readonly #refreshes: RefreshLimit;
  readonly #lookups: SharedLookups;
  readonly #queries = new Set<TxtQuery>();
  #closed = false;

  /**
   * @param inBackground - false where a runtime may end what a request has begun together with that request: a renewal
   *   would die with the call that began it, and others wait for it in vain. There that one call waits for it.
   */
  constructor(settings: KeyCacheSettings, query: (name: string, timeoutMs: number) => TxtQuery, inBackground: boolean) {
    this.#settings = settings;
    this.#query = query;
    this.#inBackground = inBackground;
    this.#entries = new BoundedMap(settings.maxKeys, takeUsed);
    this.#negatives = new BoundedMap(settings.maxNegatives);
    this.#lookups = new SharedLookups(settings.clock, 2 * settings.timeoutMs + MAX_WAIT_MS);
    const perSecond = settings.newNamesPerSecond;
    this.#gate = new LookupGate({ perSecond, burst: 2 * perSecond, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS });
    this.#refreshes = new RefreshLimit(settings.refreshIntervalMs, settings.maxKeys, this.#gate);
  }

  find(keyId: string): KeyLookup | Promise<KeyLookup> {
    const now = this.#settings.clock();
    const entry = this.#entries.get(keyId);
    if (entry !== undefined) {
      const age = now - entry.fetchedAt;
      if (age >= 0 && age < entry.lastsMs) {
        entry.used = true;
        const due = age > entry.lastsMs * RENEW_AT && !lasts(entry.failedAt, RETRY_STALE_MS, now);
        if (!due || this.#lookups.of(keyId) !== undefined) return entry.found;
        const renewed = this.#share(keyId, this.#ask(keyId));
        if (this.#inBackground) return entry.found;
        return renewed.then((answer) => (answer.outcome === 'unavailable' ? entry.found : answer));
      }
      if (age < entry.lastsMs + this.#settings.staleMs) return this.#renew(keyId, entry, now);
      this.#entries.delete(keyId);
    }
    const negative = this.#negatives.get(keyId);
    if (negative !== undefined && lasts(negative.since, negative.lastsMs, now)) return negative.answer;
    return this.#lookUpNew(keyId);
  }

  refresh(keyId: string, failed: KeysFound): KeyLookup | Promise<KeyLookup> {
    const entry = this.#entries.get(keyId);
    if (entry === undefined) return this.find(keyId);
    if (entry.found !== failed && entry.stale !== failed) return entry.found;
    // A look-up that is under way for any reason is as fresh as one that would begin now.
    const underway = this.#lookups.of(keyId);
    if (underway !== undefined) return this.#lookups.wait(underway) ?? limited();
    const barred = this.#refreshes.enter(keyId, this.#settings.clock());
    if (barred !== undefined) {
      const detail = `the key was looked up again ${Math.floor(barred.sinceMs)} ms ago`;
      return unavailable('ERR_KEY_REFRESH_BARRED', detail, Math.ceil(barred.leftMs / 1000));
    }
    return this.#lookUp(keyId);
  }

  close(): void {
    this.#closed = true;
    this.#gate.close();
    for (const query of this.#queries) query.cancel();
    this.#entries.clear();
    this.#negatives.clear();
  }

  /** Keys whose time is over: new ones if DNS answers, these if it fails. */
  #renew(keyId: string, entry: Entry, now: number): KeyLookup | Promise<KeyLookup> {
    entry.used = true;
    if (lasts(entry.failedAt, RETRY_STALE_MS, now) || this.#lookups.isCrowded) return entry.stale;
    return this.#lookUp(keyId).then((answer) => (answer.outcome === 'unavailable' ? entry.stale : answer));
  }

  #lookUpNew(keyId: string): KeyLookup | Promise<KeyLookup> {
    const underway = this.#lookups.of(keyId);
    if (underway !== undefined) {
      this.#gate.join(keyId);
      return this.#lookups.wait(underway) ?? limited();
    }
    const admitted = this.#gate.enter(keyId);
    if (admitted === true) return this.#lookUp(keyId);
    if (admitted === false) return limited();
    return this.#share(
      keyId,
      admitted.then((yes) => (yes ? this.#ask(keyId) : limited())),
    );
  }

  #lookUp(keyId: string): Promise<KeyLookup> {
    const underway = this.#lookups.of(keyId);
    if (underway === undefined) return this.#share(keyId, this.#ask(keyId));
    return this.#lookups.wait(underway) ?? Promise.resolve(limited());
  }

  #share(keyId: string, answer: Promise<KeyLookup>): Promise<KeyLookup> {
    const safe = answer.catch((error) =>
      unavailable('ERR_KEY_LOOKUP_FAILED', `the look-up broke: ${String(error)}`, 5),
    );
    return this.#lookups.share(keyId, safe);
  }

  async #ask(keyId: string): Promise<KeyLookup> {
    if (this.#closed) return unavailable('ERR_KEY_LOOKUP_FAILED', 'the key source was closed', 5);
    const query = this.#query(keyId, this.#settings.timeoutMs);
    this.#queries.add(query);
    // One that a runtime ended together with its request is never taken out below.
    if (this.#queries.size > MAX_QUERIES) this.#queries.delete(this.#queries.values().next().value as TxtQuery);
    const answer = await query.answer;
    this.#queries.delete(query);
    switch (answer.outcome) {
      case 'failed':
        return this.#failed(keyId, answer.detail);
      case 'none':
        return this.#refused(
          keyId,
          { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: answer.detail },
          answer.ttlSeconds,
        );
      case 'records': {
        const read = await readKeyRecords(answer.records);
        return read.outcome === 'refused'
          ? this.#refused(keyId, read, answer.ttlSeconds)
          : this.#found(keyId, read.keys, answer.ttlSeconds);
      }
    }
  }

  #found(keyId: string, keys: KeysFound['keys'], ttlSeconds: number | undefined): KeyLookup {
    const previous = this.#entries.get(keyId);
    const found: KeysFound = { outcome: 'found', keys, cached: true, stale: false };
    if (!this.#closed) {
      this.#negatives.delete(keyId);
      const fetchedAt = this.#settings.clock();
      this.#entries.set(keyId, {
        found,
        stale: { ...found, stale: true },
        fetchedAt,
        lastsMs: atMost(this.#settings.cacheMs, ttlSeconds),
        failedAt: Number.NEGATIVE_INFINITY,
        used: false,
      });
      this.#tell(keyId, previous, keys);
    }
    return { ...found, cached: false };
  }

  #refused(keyId: string, answer: KeysRefused, ttlSeconds: number | undefined): KeyLookup {
    const previous = this.#entries.get(keyId);
    this.#entries.delete(keyId);
    this.#negatives.set(keyId, {
      answer,
      since: this.#settings.clock(),
      lastsMs: atMost(this.#settings.negativeMs, ttlSeconds),
    });
    this.#tell(keyId, previous, []);
    return answer;
  }

  #failed(keyId: string, detail: string): KeyLookup {
    const answer = unavailable('ERR_KEY_LOOKUP_FAILED', detail, 5);
    const now = this.#settings.clock();
    const entry = this.#entries.get(keyId);
    if (entry !== undefined) entry.failedAt = now;
    else this.#negatives.set(keyId, { answer, since: now, lastsMs: FAILURE_MS });
    return answer;
  }

  #tell(keyId: string, before: Entry | undefined, keys: KeysFound['keys']): void {
    const previous = before?.found.keys.map((key) => key.thumbprint) ?? [];
    const thumbprints = keys.map((key) => key.thumbprint);
    // Servers give the records of a name in any order.
    if ([...previous].sort().join() === [...thumbprints].sort().join()) return;
    const change = before === undefined ? 'seen' : keys.length === 0 ? 'gone' : 'replaced';
    try {
      const result: unknown = this.#settings.onKey({ change, keyId, thumbprints, previous });
      void Promise.resolve(result).catch(() => {});
    } catch {
      // A listener must not decide over calls.
    }
  }
}

function unavailable(code: KeysUnavailable['code'], detail: string, retryAfterSeconds: number): KeysUnavailable {
  return { outcome: 'unavailable', code, detail, retryAfterSeconds };
}

function limited(): KeysUnavailable {
  return unavailable('ERR_KEY_LOOKUP_LIMITED', 'too many new names at once', 2);
}
