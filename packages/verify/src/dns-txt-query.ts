/** What DNS says of the TXT records of a name. */
export type TxtAnswer =
  /** Each record with its strings joined. May be empty: Node says so of a CNAME that leads to none. */
  | { readonly outcome: 'records'; readonly records: readonly string[] }
  /** The name or its TXT records do not exist. */
  | { readonly outcome: 'none'; readonly detail: string }
  /** Nothing is known: time-out, garbage, or any answer code but "no such name". */
  | { readonly outcome: 'failed'; readonly detail: string };

/** Asks for the TXT records of a name, under way until it answers or is cancelled. */
export interface TxtQuery {
  /** Never rejects. */
  readonly answer: Promise<TxtAnswer>;
  cancel(): void;
}

type Dns = typeof import('node:dns');
type Resolver = import('node:dns').promises.Resolver;

/**
 * Asks several servers, all within one time limit. Node's resolver goes on to its next server after silence only, so
 * each server has a resolver of its own here: one that answers with an error is passed over at once, one that is
 * silent is given its share of the time and then asked beside the next. A server that stays silent is asked once
 * more, since datagrams get lost. The first that knows wins.
 *
 * @param servers - `ip`, `ip:port` or `[ip6]:port`, at least one.
 */
export function queryTxt(dns: Dns, name: string, servers: readonly string[], timeoutMs: number): TxtQuery {
  const resolvers: Resolver[] = [];
  let cancel = () => {};
  const answer = new Promise<TxtAnswer>((resolve) => {
    const rounds = [...servers, ...servers];
    const answered = new Set<string>();
    const shareMs = timeoutMs / rounds.length;
    let next = 0;
    let open = 0;
    let lastFailure = 'no answer in time';
    let hedge: NodeJS.Timeout | undefined;

    const finish = (result: TxtAnswer) => {
      clearTimeout(limit);
      clearTimeout(hedge);
      for (const resolver of resolvers) resolver.cancel();
      resolve(result);
    };
    const startNext = () => {
      clearTimeout(hedge);
      while (next < rounds.length && answered.has(rounds[next] ?? '')) next++;
      const server = rounds[next++];
      if (server === undefined) {
        if (open === 0) finish({ outcome: 'failed', detail: lastFailure });
        return;
      }
      open++;
      hedge = setTimeout(startNext, shareMs);
      ask(dns, resolvers, name, server, timeoutMs).then((result) => {
        open--;
        if (result.outcome !== 'failed') return finish(result);
        lastFailure = result.detail;
        answered.add(server);
        startNext();
      });
    };
    const limit = setTimeout(() => finish({ outcome: 'failed', detail: lastFailure }), timeoutMs);
    cancel = () => finish({ outcome: 'failed', detail: 'cancelled' });
    startNext();
  });
  return { answer, cancel: () => cancel() };
}

async function ask(
  dns: Dns,
  resolvers: Resolver[],
  name: string,
  server: string,
  timeoutMs: number,
): Promise<TxtAnswer> {
  try {
    // A fresh resolver a question: some versions of Node keep answers inside one.
    const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries: 1 });
    resolvers.push(resolver);
    resolver.setServers([server]);
    const records = await resolver.resolveTxt(name);
    return { outcome: 'records', records: records.map((strings) => strings.join('')) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // NXDOMAIN, and an answer without records: the only two errors that say something about the name.
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { outcome: 'none', detail: `DNS says ${code}` };
    return { outcome: 'failed', detail: `DNS says ${code}` };
  }
}
