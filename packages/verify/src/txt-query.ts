/** What DNS says of the TXT records of a name. */
export type TxtAnswer =
  /** Each record with its strings joined. May be empty: Node says so of a CNAME that leads to none. */
  | { readonly outcome: 'records'; readonly records: readonly string[]; readonly ttlSeconds?: number }
  /** The name or its TXT records do not exist. */
  | { readonly outcome: 'none'; readonly detail: string; readonly ttlSeconds?: number }
  /** Nothing is known: time-out, garbage, or any answer code but "no such name". */
  | { readonly outcome: 'failed'; readonly detail: string };

/** Asks for the TXT records of a name, under way until it answers or is cancelled. */
export interface TxtQuery {
  /** Never rejects. */
  readonly answer: Promise<TxtAnswer>;
  cancel(): void;
}

/**
 * Asks several servers, all within one time limit: one that answers with an error is passed over at once, one that is
 * silent is given its share of the time and then asked beside the next. The first that knows wins.
 *
 * @param rounds - the servers in order; one that stands there twice is asked again after silence.
 * @param ask - asks one server. Never rejects; what it does is of no use any more once the signal is aborted.
 */
export function askInTurn(
  rounds: readonly string[],
  ask: (server: string, signal: AbortSignal) => Promise<TxtAnswer>,
  timeoutMs: number,
): TxtQuery {
  const over = new AbortController();
  let cancel = () => {};
  const answer = new Promise<TxtAnswer>((resolve) => {
    const answered = new Set<string>();
    const shareMs = timeoutMs / rounds.length;
    let next = 0;
    let open = 0;
    let lastFailure = 'no answer in time';
    let hedge: ReturnType<typeof setTimeout> | undefined;

    const finish = (result: TxtAnswer) => {
      clearTimeout(limit);
      clearTimeout(hedge);
      over.abort();
      resolve(result);
    };
    const startNext = () => {
      clearTimeout(hedge);
      while (answered.has(rounds[next] as string)) next++;
      const server = rounds[next++];
      if (server === undefined) {
        if (open === 0) finish({ outcome: 'failed', detail: lastFailure });
        return;
      }
      open++;
      hedge = setTimeout(startNext, shareMs);
      ask(server, over.signal).then((result) => {
        // What was cancelled fails, too, and must not go on to the next.
        if (over.signal.aborted) return;
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
