import type { SendOptions } from '../send-request.js';
import type { SignedCall } from '../sign-request.js';
import type { TestKey } from '../test-key.js';

/** An endpoint that receives the vendor's calls, and how it is reached. */
export interface ConformanceEndpoint {
  /** The callback URL that it is configured with. */
  readonly url: string;
  /** The X-Copernica-ID that it is configured with: `environment-1234`. */
  readonly id: string;
  /** The key that it finds at `keyId`. */
  readonly key: TestKey;
  /** Default `one._domainkey.copernica.com`. */
  readonly keyId?: string;
  /**
   * Where it listens: scheme, host and port of this URL; default `url`. When `url` is https and this is http, the kit
   * plays the proxy that ends TLS (`X-Forwarded-Proto: https`), which the endpoint must trust.
   */
  readonly to?: string;
  /** In place of a connection: takes a call to the endpoint, for platforms without sockets. */
  readonly send?: (call: SignedCall) => Promise<{ readonly status: number }>;
  /** How a connection is made: certificates of authorities, time limits, more header lines. */
  readonly connection?: Pick<SendOptions, 'ca' | 'agent' | 'timeoutMs' | 'headers'>;
  /** How many events its handlers have been given so far. With it, each case also checks that the number is right. */
  readonly handled?: () => number | Promise<number>;
  /** The present, as the endpoint has it; default the real one. */
  readonly now?: () => Date;
  /** True: refusals must have the very statuses of this toolkit (401, 403, 415, 421). Default: any 4xx will do. */
  readonly exactStatuses?: boolean;
}

/** The endpoint did not do what a case asks. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly code = 'ERR_CONFORMANCE';
  /** The case's name. */
  readonly caseName: string;
  readonly expected: string;
  readonly received: string;

  constructor(caseName: string, expected: string, received: string) {
    super(`${caseName}: expected ${expected}, got ${received}.`);
    this.caseName = caseName;
    this.expected = expected;
    this.received = received;
  }
}
