import { decodeBase64 } from '#octets';
import type { LocatedSignatureHeader, SignatureHeader } from './signature-header.js';
import { type CoveredList, lineStartsOf } from './signing-string.js';

/** What a Signature header says besides the signature itself. */
export type SignatureParameters = Omit<SignatureHeader, 'signature'>;

/**
 * The text of a Signature header but for the signature in it, with what the checks made of it. Calls that are signed
 * under one key are alike in it, so that the header of the next one need not be read anew: reading goes from left to
 * right, and base64 between quotes can neither end the value nor escape its end.
 */
export class SignatureFrame {
  readonly parameters: SignatureParameters;
  /** The list of what is covered, once it has passed its check. */
  list: CoveredList | undefined;
  /** See {@link buildSigningString}. */
  lineStarts: readonly string[] | undefined;
  /** The key's name in one spelling, once it has passed its check. */
  keyId: string | undefined;
  /** Of the whole header; -1 when no other header is to be taken for this one. */
  readonly #length: number;
  readonly #before: string;
  readonly #after: string;

  constructor(text: string, { header, signatureAt }: LocatedSignatureHeader) {
    const { signature, ...parameters } = header;
    this.parameters = parameters;
    this.#length = text[signatureAt - 1] === '"' ? text.length : -1;
    this.#before = copyOf(text.slice(0, signatureAt));
    this.#after = copyOf(text.slice(signatureAt + (signature?.length ?? 0)));
  }

  keepList(list: CoveredList): void {
    this.list = list;
    this.lineStarts = lineStartsOf(list.names);
  }

  /** The octets of the signature in a header that is this one but for its signature; undefined for any other. */
  signatureIn(text: string): Uint8Array | undefined {
    if (text.length !== this.#length) return undefined;
    const start = this.#before.length;
    const end = text.length - this.#after.length;
    if (text.slice(0, start) !== this.#before || text.slice(end) !== this.#after) return undefined;
    return decodeBase64(text.slice(start, end));
  }
}

/** A slice keeps the whole text alive, and is slower to compare. */
function copyOf(slice: string): string {
  return slice.split('').join('');
}
