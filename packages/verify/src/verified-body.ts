import { hashesAtOnce } from '#node-crypto';
import { decodeBase64, encodeHex, latin1Bytes } from '#octets';
import { hashText } from './signature-algorithm.js';
import type { Endpoint, VerifiedHead, VerifiedRequest } from './verifier.js';

/** A verified head with its body, and the key of the event in it. */
class VerifiedBody implements VerifiedRequest {
  readonly identity: string;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly url: string;
  readonly date: number;
  readonly keyId: string;
  readonly keyThumbprint: string;
  readonly algorithm: VerifiedHead['algorithm'];
  readonly replayKey: Uint8Array;
  readonly body: Uint8Array;
  readonly #head: VerifiedHead;
  readonly #bodySha256: string;
  #eventKey: string | undefined;

  constructor(head: VerifiedHead, body: Uint8Array, bodySha256: string, eventKey?: string) {
    this.identity = head.identity;
    this.endpoint = head.endpoint;
    this.method = head.method;
    this.url = head.url;
    this.date = head.date;
    this.keyId = head.keyId;
    this.keyThumbprint = head.keyThumbprint;
    this.algorithm = head.algorithm;
    this.replayKey = head.replayKey;
    this.body = body;
    this.#head = head;
    this.#bodySha256 = bodySha256;
    this.#eventKey = eventKey;
  }

  header(name: string): string | undefined {
    return this.#head.header(name);
  }

  /** Hashed when it is first asked for, where hashing need not wait: whoever only verifies does without. */
  get eventKey(): string {
    this.#eventKey ??= keyOf(this.identity, this.#bodySha256) as string;
    return this.#eventKey;
  }
}

/** @param bodySha256 - base64. */
export function keyOf(identity: string, bodySha256: string): string | Promise<string> {
  const hex = encodeHex(decodeBase64(bodySha256) ?? new Uint8Array());
  return hashText('sha-256', latin1Bytes(`${identity}\n${hex}`), 'hex');
}

/** Puts the body, and the key of the event in it, to a verified head. */
export function withBody(
  head: VerifiedHead,
  body: Uint8Array,
  bodySha256: string,
): VerifiedRequest | Promise<VerifiedRequest> {
  if (hashesAtOnce) return new VerifiedBody(head, body, bodySha256);
  return Promise.resolve(keyOf(head.identity, bodySha256)).then((key) => new VerifiedBody(head, body, bodySha256, key));
}
