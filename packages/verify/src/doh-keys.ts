import { CachedKeys } from './cached-keys.js';
import { readDohAnswer } from './doh-answer.js';
import { type KeyCacheOptions, readKeyCacheOptions } from './key-cache-options.js';
import type { KeySource } from './key-source.js';
import { askInTurn, type TxtAnswer } from './txt-query.js';

/** The settings of {@link dohKeys}. */
export interface DohKeysOptions extends KeyCacheOptions {
  /**
   * Providers of DNS over HTTPS in the JSON form, asked in order; default Cloudflare's and Google's. They learn that
   * this server gets calls of the vendor, and nothing else. https, or http on this machine.
   */
  readonly providers?: readonly string[];
}

const defaults = ['https://cloudflare-dns.com/dns-query', 'https://dns.google/resolve'];
/** Far more than the records of a name take. */
const MAX_BYTES = 65_536;

/**
 * Looks keys up in DNS over HTTPS, by `fetch`: for runtimes that have no other DNS. Cache, limits and what happens
 * while DNS fails are those of `dnsKeys`; besides, an answer is used no longer than its time to live says (at least 5 s),
 * and one call waits for the renewal of keys that others use on, since a Worker ends what no call waits for.
 *
 * @throws TypeError when an option is out of range, or the runtime has no `fetch`.
 */
export function dohKeys(options: DohKeysOptions = {}): KeySource {
  const providers = readProviders(options.providers ?? defaults);
  if (typeof fetch !== 'function') throw new TypeError('This runtime has no fetch; give keys: pinnedKeys(…).');
  const settings = readKeyCacheOptions(options);
  const query = (name: string, timeoutMs: number) =>
    askInTurn(providers, (provider, signal) => ask(provider, name, signal), timeoutMs);
  return new CachedKeys(settings, query, false);
}

function readProviders(providers: readonly string[]): readonly string[] {
  const usable = (one: unknown) => {
    const url = typeof one === 'string' && URL.canParse(one) ? new URL(one) : undefined;
    return (
      url?.protocol === 'https:' ||
      (url?.protocol === 'http:' && /^(127\.[\d.]+|localhost|\[::1\])$/.test(url.hostname))
    );
  };
  if (Array.isArray(providers) && providers.length > 0 && providers.every(usable)) return providers;
  throw new TypeError('providers: give a list of at least one https URL, for instance https://dns.google/resolve.');
}

async function ask(provider: string, name: string, signal: AbortSignal): Promise<TxtAnswer> {
  const url = new URL(provider);
  url.searchParams.set('name', name);
  url.searchParams.set('type', 'TXT');
  try {
    // An answer is where it was asked for: a redirect is none.
    const response = await fetch(url, { headers: { Accept: 'application/dns-json' }, redirect: 'manual', signal });
    if (response.status !== 200) {
      void response.body?.cancel().catch(() => {});
      return { outcome: 'failed', detail: `DNS over HTTPS says status ${response.status}` };
    }
    return readDohAnswer(name, JSON.parse(await readText(response)));
  } catch (error) {
    const detail = error instanceof Error ? error.name : 'unknown';
    return { outcome: 'failed', detail: `DNS over HTTPS failed: ${detail}` };
  }
}

/** @throws RangeError when the answer is larger than any answer is. */
async function readText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const part = await reader.read();
    if (part.done) return text + decoder.decode();
    length += part.value.length;
    if (length > MAX_BYTES) {
      void reader.cancel().catch(() => {});
      throw new RangeError('The answer is too large.');
    }
    text += decoder.decode(part.value, { stream: true });
  }
}
