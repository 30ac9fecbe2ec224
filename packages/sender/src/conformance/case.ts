import type { EventFields } from '../encode-body.js';
import { sampleEvent } from '../sample-event.js';
import { sendRequest } from '../send-request.js';
import { type SignedCall, type SignOptions, signRequest } from '../sign-request.js';
import { type ConformanceEndpoint, ConformanceError } from './endpoint.js';

/** One thing that an endpoint must do. */
export interface ConformanceCase {
  readonly name: string;
  readonly group: 'accepts' | 'refuses';
  /** Why the case says nothing about this endpoint; undefined when it does. `run` does nothing then. */
  skip(endpoint: ConformanceEndpoint): string | undefined;
  /**
   * Puts the endpoint through it.
   *
   * @throws ConformanceError, as a rejection, when the endpoint does something else; SendError when it does not answer.
   */
  run(endpoint: ConformanceEndpoint): Promise<void>;
}

/** Cases run in one process against one endpoint: each has events of its own, so that none is a repeat. */
let number = 1_000_000;

/** A genuine call for an endpoint, or one with a change. */
export function callFor(endpoint: ConformanceEndpoint, change: Partial<SignOptions> = {}): SignedCall {
  const { url, id, key, keyId = 'one._domainkey.copernica.com', now } = endpoint;
  const date = now?.() ?? new Date();
  const event = change.body === undefined ? { event: freshEvent(date) } : {};
  return signRequest({ url, id, key, keyId, date, ...event, ...change });
}

/** An event that no other case has. */
export function freshEvent(now: Date, kind: Parameters<typeof sampleEvent>[0] = 'open'): EventFields {
  return sampleEvent(kind, {}, { now, number: ++number });
}

/** Sends a call, and gives the status. */
export async function statusOf(endpoint: ConformanceEndpoint, call: SignedCall, forwarded = true): Promise<number> {
  if (endpoint.send !== undefined) return (await endpoint.send(call)).status;
  const { to, connection } = endpoint;
  const options = { ...connection, ...(to !== undefined && { to }), forwardedProto: forwarded };
  return (await sendRequest(call, options)).status;
}

/** A case about calls that are taken: all of them, each handled once. */
export function accepts(
  name: string,
  calls: (endpoint: ConformanceEndpoint) => readonly SignedCall[],
): ConformanceCase {
  return {
    name,
    group: 'accepts',
    skip: () => undefined,
    async run(endpoint) {
      const before = await endpoint.handled?.();
      const sent = calls(endpoint);
      for (const call of sent) {
        const status = await statusOf(endpoint, call);
        if (status < 200 || status > 299) throw new ConformanceError(name, 'an answer 2xx', String(status));
      }
      await expectHandled(name, endpoint, before, sent.length);
    },
  };
}

/** A case about a call that is not taken, and reaches no handler. */
export function refuses(
  name: string,
  expected: number,
  call: (endpoint: ConformanceEndpoint) => SignedCall,
  options: { readonly forwarded?: boolean; readonly skip?: ConformanceCase['skip'] } = {},
): ConformanceCase {
  const { forwarded = true, skip = () => undefined } = options;
  return {
    name,
    group: 'refuses',
    skip,
    async run(endpoint) {
      if (skip(endpoint) !== undefined) return;
      const before = await endpoint.handled?.();
      const status = await statusOf(endpoint, call(endpoint), forwarded);
      const right = endpoint.exactStatuses ? status === expected : status >= 400 && status <= 499;
      if (!right) throw new ConformanceError(name, endpoint.exactStatuses ? `${expected}` : 'a 4xx', String(status));
      await expectHandled(name, endpoint, before, 0);
    },
  };
}

/** Holds the number of handled events against what it was before. */
export async function expectHandled(
  name: string,
  endpoint: ConformanceEndpoint,
  before: number | undefined,
  more: number,
): Promise<void> {
  if (before === undefined) return;
  const received = ((await endpoint.handled?.()) ?? 0) - before;
  if (received !== more) throw new ConformanceError(name, `${more} events handled`, String(received));
}
