import type { Call } from './call.js';
import type { ConfiguredEndpoint } from './configured-endpoint.js';
import type { Endpoint, VerifiedHead } from './verifier.js';

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

  private constructor(call: Call, endpoint: ConfiguredEndpoint, key: NonNullable<Call['key']>) {
    this.identity = endpoint.identity;
    this.endpoint = endpoint.endpoint;
    this.method = call.head.method;
    this.date = call.date ?? Number.NaN;
    this.keyId = call.keyId ?? '';
    this.keyThumbprint = key.thumbprint;
    this.algorithm = key.type === 'rsa' ? 'rsa-sha256' : 'ed25519';
    this.replayKey = (call.signature ?? new Uint8Array()).subarray(0, 16);
    this.#call = call;
  }

  /** @throws Error when the checks have not left what they must; it cannot happen, and must not let a call through. */
  static of(call: Call): VerifiedCall {
    if (call.digest === undefined) throw new Error('A call passed its checks without what they leave.');
    return VerifiedCall.ofPage(call);
  }

  /** The same for a request that has no body, and so needs no digest. */
  static ofPage(call: Call): VerifiedCall {
    const { endpoint, key } = call;
    if (endpoint === undefined || key === undefined || call.date === undefined) {
      throw new Error('A call passed its checks without what they leave.');
    }
    return new VerifiedCall(call, endpoint, key);
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
    if (!this.#call.names?.includes(lower)) return undefined;
    return lower === 'host' ? this.#call.signedHost : (this.#call.lines.get(lower) ?? undefined);
  }
}
