/** The first 16 octets of a verified signature, as four words of 32 bits: what is compared, and its own hash. */
export class ReplayKey {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;

  /** @param octets - 16; what is missing counts as 0. They are copied. */
  constructor(octets: Uint8Array) {
    this.a = wordAt(octets, 0);
    this.b = wordAt(octets, 4);
    this.c = wordAt(octets, 8);
    this.d = wordAt(octets, 12);
  }

  equals(other: ReplayKey): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c && this.d === other.d;
  }
}

function wordAt(octets: Uint8Array, at: number): number {
  const high = ((octets[at] ?? 0) << 24) | ((octets[at + 1] ?? 0) << 16);
  return high | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0);
}
