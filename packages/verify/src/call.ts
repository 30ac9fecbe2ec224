import type { ConfiguredEndpoint } from './configured-endpoint.js';
import type { DigestHeader } from './digest-header.js';
import { HeaderLines } from './header-lines.js';
import type { KeysFound, VerificationKey } from './key-source.js';
import type { Settings } from './settings.js';
import type { SignatureFrame, SignatureParameters } from './signature-frame.js';
import type { RequestHead } from './signed-request.js';

/** One call on its way through the checks: what came, and what the checks before have made of it. */
export class Call {
  readonly settings: Settings;
  readonly head: RequestHead;
  /** The moment of receipt, in milliseconds since 1970. */
  readonly now: number;
  readonly lines: HeaderLines;
  /** The path of the request target. */
  readonly path: string;

  /** The endpoints that the call can still be for; each check that can tell them apart keeps fewer. */
  candidates: readonly ConfiguredEndpoint[];
  /** The Host header, when it came exactly once. */
  host: string | undefined;
  date: number | undefined;
  /** The Signature header, but for the signature. */
  frame: SignatureFrame | undefined;
  signature: Uint8Array | undefined;
  /** The names that the signature covers, once it is known that they are enough. */
  names: readonly string[] | undefined;
  signingString: string | undefined;
  keyId: string | undefined;
  digest: DigestHeader | undefined;
  found: KeysFound | undefined;
  /** The key that verified the signature. */
  key: VerificationKey | undefined;
  body: Uint8Array | undefined;
  /** SHA-256 of the body, base64. */
  bodySha256: string | undefined;

  constructor(settings: Settings, head: RequestHead, body?: Uint8Array, receivedAt?: Date) {
    this.settings = settings;
    this.head = head;
    this.body = body;
    this.now = receivedAt === undefined ? settings.clock() : instantOf(receivedAt);
    this.lines = new HeaderLines(head.headers, settings.remembered.layoutOf(head.headers));
    this.path = pathOf(head.target);
    this.candidates = settings.endpoints;
  }

  /** The parameters of the Signature header; none before it was read. */
  get header(): Partial<SignatureParameters> {
    return this.frame?.parameters ?? {};
  }

  /** The endpoint, once the candidates are down to one. */
  get endpoint(): ConfiguredEndpoint | undefined {
    return this.candidates.length === 1 ? this.candidates[0] : undefined;
  }

  /** The target that the signing string is built with. */
  get signedTarget(): string {
    const { target } = this.head;
    if (this.settings.signedUrl === 'received' || this.settings.pages) return target;
    return `${this.endpoint?.paths[0] ?? ''}${target.slice(this.path.length)}`;
  }

  /** The Host that the signing string is built with. */
  get signedHost(): string {
    return this.settings.signedUrl === 'received' ? (this.host ?? '') : (this.endpoint?.hostHeader ?? '');
  }
}

/** The path of a request target: what stands before the query. */
export function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

/** @throws TypeError when it is no valid Date: a number of seconds in its place would let old calls in. */
function instantOf(receivedAt: Date): number {
  if (receivedAt instanceof Date && !Number.isNaN(receivedAt.getTime())) return receivedAt.getTime();
  throw new TypeError('receivedAt: give a valid Date, the moment at which the call came in.');
}
