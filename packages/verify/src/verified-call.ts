import type { Call } from './call.js';
import type { Endpoint, VerifiedHead } from './verifier.js';

/** What the checks leave. */
type Left = { [K in 'endpoint' | 'key' | 'date' | 'keyId' | 'signature' | 'names']: NonNullable<Call[K]> };

/** The verified head of a call. Only `createVerifier` makes one, so that holding one is proof. */
export class VerifiedCall implements VerifiedHead {
  readonly identity: string;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly date: number;
  readonly keyId: string;
  readonly keyThumbprint: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519';
  readonly replayKey: Uint8Array;
  readonly #call: Call;
  readonly #names: readonly string[];

  private constructor(call: Call, { endpoint, key, date, keyId, signature, names }: Left) {
    this.identity = endpoint.identity;
    this.endpoint = endpoint.endpoint;
    this.method = call.head.method;
    this.date = date;
    this.keyId = keyId;
    this.keyThumbprint = key.thumbprint;
    this.algorithm = key.type === 'rsa' ? 'rsa-sha256' : 'ed25519';
    this.replayKey = signature.subarray(0, 16);
    this.#call = call;
    this.#names = names;
  }

  /** @throws Error when the checks have not left what they must; it cannot happen, and must not let a call through. */
  static of(call: Call): VerifiedCall {
    if (call.digest === undefined) throw new Error('A call passed its checks without what they leave.');
    return VerifiedCall.ofPage(call);
  }

  /** The same for a request that has no body, and so needs no digest. */
  static ofPage(call: Call): VerifiedCall {
    const { endpoint, key, date, keyId, signature, names } = call;
    const isThere = endpoint && key && date !== undefined && keyId && signature && names;
    if (!isThere) throw new Error('A call passed its checks without what they leave.');
    return new VerifiedCall(call, { endpoint, key, date, keyId, signature, names });
  }

  /** The call behind a verified head. @throws TypeError when the head was not made here. */
  static callOf(head: VerifiedHead): Call {
    if (!(head instanceof VerifiedCall)) throw new TypeError('Give what verifyHead returned.');
    return head.#call;
  }

  /** The replay key of a verified head. @throws TypeError when the head was not made here. */
  static keyOf(head: VerifiedHead): Uint8Array {
    VerifiedCall.callOf(head);
    return head.replayKey;
  }

  get url(): string {
    const scheme = this.endpoint.url.startsWith('https:') ? 'https' : 'http';
    return `${scheme}://${this.#call.signedHost}${this.#call.signedTarget}`;
  }

  header(name: string): string | undefined {
    const lower = name.toLowerCase();
    if (!this.#names.includes(lower)) return undefined;
    return lower === 'host' ? this.#call.signedHost : (this.#call.lines.get(lower) ?? undefined);
  }
}
