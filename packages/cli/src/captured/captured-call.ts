/** One call as it came over the wire, kept to be looked at or sent again later. */
export interface CapturedCall {
  readonly method: string;
  /** The request target as it stood in the request line. */
  readonly target: string;
  /** Header lines in order, names and values alternating; one character an octet. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** Whether it came over HTTPS; undefined when the capture does not say. */
  readonly secure: boolean | undefined;
  /** When it came; undefined when the capture does not say. */
  readonly receivedAt: Date | undefined;
  /** What the capture was read as. */
  readonly format: 'raw HTTP message' | 'captured call' | 'HAR entry';
  /** What to know about how exact the capture is. */
  readonly notes: readonly string[];
}

/** The first value of a header, by lower-case name. */
export function headerOf(call: Pick<CapturedCall, 'headers'>, name: string): string | undefined {
  for (let i = 0; i + 1 < call.headers.length; i += 2) {
    if (call.headers[i]?.toLowerCase() === name) return call.headers[i + 1];
  }
  return undefined;
}

/** The header lines as pairs. */
export function headerPairs(headers: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) pairs.push([headers[i] ?? '', headers[i + 1] ?? '']);
  return pairs;
}

/** A file that is not a captured call, and why. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}
