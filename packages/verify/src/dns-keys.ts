import { CachedKeys } from './cached-keys.js';
import { queryTxt } from './dns-txt-query.js';
import { type KeyCacheOptions, readKeyCacheOptions } from './key-cache-options.js';
import type { KeySource } from './key-source.js';

/** The settings of {@link dnsKeys}. */
export interface DnsKeysOptions extends KeyCacheOptions {
  /** DNS servers to ask, in order: `ip`, `ip:port` or `[ip6]:port`. Default: the system's. */
  readonly servers?: readonly string[];
}

/**
 * Looks keys up in DNS: DKIM records (RFC 6376 section 3.6.1) in the TXT records of the keyId. Answers are cached,
 * calls that ask for one name at the same time share one query, and keys that are known are used on while DNS fails.
 *
 * @throws TypeError when an option is out of range, or the runtime has no DNS (use `dohKeys` there).
 */
export function dnsKeys(options: DnsKeysOptions = {}): KeySource {
  const { servers } = options;
  if (servers !== undefined && !(Array.isArray(servers) && servers.length > 0)) {
    throw new TypeError('servers: give a list of at least one "ip", "ip:port" or "[ip6]:port", or leave it out.');
  }
  const settings = readKeyCacheOptions(options);
  const dns = globalThis.process?.getBuiltinModule?.('node:dns');
  if (dns === undefined) {
    throw new TypeError('This runtime cannot ask DNS; give keys: dohKeys() to ask over HTTPS, or pinnedKeys(…).');
  }
  if (servers !== undefined) {
    try {
      new dns.promises.Resolver().setServers([...servers]);
    } catch (error) {
      throw new TypeError('servers: give each as "ip", "ip:port" or "[ip6]:port".', { cause: error });
    }
  }
  const query = (name: string, timeoutMs: number) => {
    // Read anew each time, so that a changed resolv.conf is noticed.
    const now = servers ?? new dns.promises.Resolver().getServers();
    return queryTxt(dns, name, now.length > 0 ? now : ['127.0.0.1'], timeoutMs);
  };
  return new CachedKeys(settings, query, true);
}
