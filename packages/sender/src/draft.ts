import { createHash, type KeyObject, sign } from 'node:crypto';
import type { EventFields } from './encode-body.js';
import type { TestKey } from './test-key.js';

/** What a call is made from. */
export interface SignParameters {
  /** The callback URL: its host and its path with query are what is signed. */
  readonly url: string;
  /** X-Copernica-ID, in any spelling: `environment-1234`. */
  readonly id: string;
  readonly key: TestKey;
  /** The key's name in DNS, for instance `one._domainkey.copernica.com`. */
  readonly keyId: string;
  /** The event, to be encoded; or `body`. */
  readonly event?: EventFields;
  /** Default `json`. */
  readonly encoding?: 'json' | 'form';
  /** The bytes themselves, in place of `event`. */
  readonly body?: string | Uint8Array;
  /** Default: that of the encoding. */
  readonly contentType?: string;
  /** The moment of signing; default the present. */
  readonly date?: Date;
  /** X-Nonce; default random. */
  readonly nonce?: string;
  /** Default `POST`. A GET is signed the same way, without a body. */
  readonly method?: string;
  /** Default `['SHA-256']`. */
  readonly digestAlgorithms?: readonly ('SHA-256' | 'SHA-512' | 'MD5')[];
  /**
   * What is signed. `lower` (the default): the vendor's list; `documented`: that in mixed case, with runs of white space
   * and a comma missing, as the vendor prints it; or names of your own, in their order.
   */
  readonly headerList?: 'lower' | 'documented' | readonly string[];
  /** The `algorithm` parameter; default `rsa-sha256`, or `hs2019` for an Ed25519 key; null leaves it out. */
  readonly algorithm?: string | null;
}

/** A call before it is signed: what a fault may change. */
export interface Draft {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
  /** Names in the order of the signing string, as they are spelled in the `headers` parameter. */
  list: string[];
  keyId: string;
  algorithm: string | null;
  /** Makes the signature over the signing string. */
  sign: (text: Buffer) => Buffer;
  /** Lines of the signing string that do not say what the request says, by lower-case name. */
  lines: Record<string, string>;
  readonly key: TestKey;
  readonly options: SignParameters;
}

/** RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519. */
export function signText(privateKey: KeyObject, text: Buffer): Buffer {
  return sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', text, privateKey);
}

export function digestOf(name: string, body: Uint8Array): string {
  return createHash(name.replace('-', '').toLowerCase()).update(body).digest('base64');
}
