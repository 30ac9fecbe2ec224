/** What of a message of node:http the Fetch door looks at. */
export interface Incoming {
  readonly httpVersionMajor: number;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

/**
 * The message of node:http that a request was made of, where the platform gives it besides the request: Hono on Node does,
 * as `env.incoming`. HTTP/2 has other header lines, and is seen through the request alone.
 */
export function incomingOf(platform: readonly unknown[]): Incoming | undefined {
  for (const given of platform) {
    if (typeof given !== 'object' || given === null || !('incoming' in given)) continue;
    const incoming = given.incoming as Partial<Incoming> | undefined;
    if (incoming?.httpVersionMajor === 1 && Array.isArray(incoming.rawHeaders) && typeof incoming.headers === 'object')
      return incoming as Incoming;
  }
  return undefined;
}

/** How long its body is, as Node's parser holds it to; undefined where only the end of the body tells. */
export function declaredLength({ headers }: Incoming): number | undefined {
  const declared = headers['content-length'];
  return declared === undefined || headers['transfer-encoding'] !== undefined ? undefined : Number(declared);
}
