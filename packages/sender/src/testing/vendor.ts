import type { EventFields } from '../encode-body.js';
import { type SampleKind, sampleEvent } from '../sample-event.js';
import { type SignedCall, type SignOptions, signRequest } from '../sign-request.js';
import { createTestKey, type TestKey } from '../test-key.js';
import { createTestClock, type TestClock } from './clock.js';

/** What a vendor for tests is given. */
export interface TestVendorOptions {
  /** The callback URL that your code is configured with. */
  readonly url: string;
  /** Default `environment-1234`. */
  readonly id?: string;
  /** Default: one of this process, made when it is first needed. */
  readonly key?: TestKey;
  /** Default `one._domainkey.copernica.com`. */
  readonly keyId?: string;
  /** Where the clock stands; default 2026-01-01 12:00:00 UTC. */
  readonly now?: Date;
}

/** What to change in a call: its fields, or anything that is signed, or a mistake to make on purpose. */
export interface TestCallChange extends Partial<Omit<SignOptions, 'event'>> {
  /** Fields of the event to set, or with `undefined` to leave out. */
  readonly fields?: { readonly [K in string]?: EventFields[string] | undefined };
}

/** The vendor, as far as your code can tell. */
export interface TestVendor {
  /**
   * For `webhooks()`, `fetchReceiver()` and all other doors, and with `endpoints` for `createVerifier()`: id, url, the
   * test key pinned, and the test clock.
   */
  readonly options: {
    readonly id: string;
    readonly url: string;
    /** A JSON Web Key Set of the one public key, under its name. */
    readonly keys: { readonly keys: readonly (TestKey['publicJwk'] & { readonly kid: string })[] };
    readonly clock: TestClock;
  };
  readonly clock: TestClock;
  readonly key: TestKey;
  readonly keyId: string;
  /**
   * A genuine call of a kind of event (default `open`), signed at the clock's present; or one with a change. Each is of
   * another event.
   */
  call(kind?: SampleKind, change?: TestCallChange): SignedCall;
}

let sharedKey: TestKey | undefined;

/**
 * Makes a vendor for a test: calls that it signs are genuine to whatever is configured with its `options`.
 *
 * @throws TypeError when `now` is no valid Date.
 */
export function createTestVendor(options: TestVendorOptions): TestVendor {
  const { url, id = 'environment-1234', keyId = 'one._domainkey.copernica.com' } = options;
  const key = options.key ?? keyOfProcess();
  const clock = createTestClock(options.now ?? new Date(Date.UTC(2026, 0, 1, 12)));
  const keys = { keys: [{ ...key.publicJwk, kid: keyId }] };
  let number = 0;
  return {
    options: { id, url, keys, clock },
    clock,
    key,
    keyId,
    call(kind = 'open', { fields = {}, ...change } = {}) {
      const date = new Date(clock());
      const event = sampleEvent(kind, fields, { now: date, number: ++number });
      return signRequest({ url, id, key, keyId, date, ...(change.body === undefined && { event }), ...change });
    },
  };
}

function keyOfProcess(): TestKey {
  sharedKey ??= createTestKey();
  return sharedKey;
}
