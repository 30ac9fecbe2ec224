/** The first 16 octets of a verified signature, as a text. */
export class ReplayKey {
  readonly text: string;

  constructor(octets: Uint8Array) {
    this.text = String.fromCharCode(...octets);
  }
}
