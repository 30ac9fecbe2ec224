import { headerPairs } from '../captured/captured-call.js';
import { misuse } from '../failure.js';
import { readUrl } from '../option-values.js';
import type { TappedCall } from './call-tap.js';

/** Where genuine calls go on to. */
export interface Forwarding {
  /** For each kind of its own. */
  readonly byKind: ReadonlyMap<string, string>;
  /** For all others; undefined: nowhere. */
  readonly otherwise: string | undefined;
}

/** How a call that was passed on was answered. */
export interface Forwarded {
  readonly to: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Reads --forward-to and --forward kind=url. @throws Failure of misuse. */
export function readForwarding(
  to: string | undefined,
  byKind: readonly string[],
  kinds: readonly string[],
): Forwarding {
  const map = new Map<string, string>();
  for (const one of byKind) {
    const at = one.indexOf('=');
    const kind = one.slice(0, Math.max(at, 0));
    if (!kinds.includes(kind)) {
      throw misuse(`--forward takes kind=url, not ${JSON.stringify(one.slice(0, 80))}.`, `Kinds: ${kinds.join(', ')}.`);
    }
    if (map.has(kind)) throw misuse(`--forward names ${kind} twice.`);
    map.set(kind, readUrl('--forward', one.slice(at + 1)));
  }
  return { byKind: map, otherwise: to === undefined ? undefined : readUrl('--forward-to', to) };
}

/** What to say of targets with a path: it is signed, so a call keeps its own. */
export function unusedPaths({ byKind, otherwise }: Forwarding): string[] {
  const targets = new Set([...byKind.values(), ...(otherwise === undefined ? [] : [otherwise])]);
  return [...targets]
    .filter((one) => !/^\/?$/.test(new URL(one).pathname + new URL(one).search))
    .map((one) => `The path of ${one} is not used: each call goes to the path that was signed.`);
}

/** Belong to one connection alone (RFC 9110 section 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'expect', 'upgrade', 'te']);

/**
 * Passes a call on: method, path, query, header lines with Host, and body as they came, since they are signed; only the
 * connection is another.
 *
 * @throws SendError, as a rejection, when no answer comes.
 */
export async function forward(
  call: Pick<TappedCall, 'method' | 'target' | 'headers'>,
  body: Uint8Array,
  to: string,
  signal?: AbortSignal,
): Promise<Forwarded> {
  const { sendRequest } = await import('@smtpeter-webhooks/sender');
  const headers = headerPairs(call.headers).filter(([name]) => !hopByHop.has(name.toLowerCase()));
  const result = await sendRequest(
    { method: call.method, target: call.target, url: to, headers, body },
    { to, forwardedProto: false, ...(signal && { signal }) },
  );
  return { to, status: result.status, durationMs: Math.round(result.durationMs * 100) / 100 };
}
