import { errorCode } from './dns-error-code.js';
import { askInTurn, type TxtAnswer, type TxtQuery } from './txt-query.js';
import { joinStrings } from './txt-strings.js';

type Dns = typeof import('node:dns');

/**
 * Asks servers over UDP and TCP. Node's resolver goes on to its next server after silence only, so each server has a
 * resolver of its own here. A server that stays silent is asked once more, since datagrams get lost.
 *
 * @param servers - `ip`, `ip:port` or `[ip6]:port`, at least one.
 */
export function queryTxt(dns: Dns, name: string, servers: readonly string[], timeoutMs: number): TxtQuery {
  const rounds = [...servers, ...servers];
  return askInTurn(rounds, (server, signal) => ask(dns, name, server, signal, timeoutMs), timeoutMs);
}

async function ask(dns: Dns, name: string, server: string, signal: AbortSignal, timeoutMs: number): Promise<TxtAnswer> {
  try {
    // A fresh resolver a question: some versions of Node keep answers inside one.
    const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries: 1 });
    signal.addEventListener('abort', () => resolver.cancel());
    resolver.setServers([server]);
    const records = await resolver.resolveTxt(name);
    return { outcome: 'records', records: joinStrings(records, 'bun' in process.versions) };
  } catch (error) {
    let { code } = error as NodeJS.ErrnoException;
    // Deno (seen in 2.9.6) says so of every answer without records, also where the server failed.
    if (code === 'ENOTFOUND' && 'deno' in process.versions) code = await errorCode(name, server, signal);
    // NXDOMAIN, and an answer without records: the only two errors that say something about the name.
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { outcome: 'none', detail: `DNS says ${code}` };
    return { outcome: 'failed', detail: `DNS says ${code}` };
  }
}
