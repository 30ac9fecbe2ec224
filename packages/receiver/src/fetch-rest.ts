/** What is left of a refused body is read away so far, so that its connection can be kept. */
const REST_BYTES = 65_536;
/** A body that goes on is cancelled after so long, so that the answer arrives before. */
const LINGER_MS = 1000;

/**
 * Sees to what is left of a body that nobody wants. To cancel it at once is what Fetch has for that, and where requests
 * are made of those of node:http it destroys the connection, with the answer that has not left yet.
 */
export function dropRest(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), LINGER_MS);
  // No runtime but Node's has timers that keep a process; those of others may be numbers.
  (timer as { unref?(): void }).unref?.();
  const over = () => clearTimeout(timer);
  readAway(reader).then((ended) => ended && over(), over);
}

/** True when the body has come to its end. */
async function readAway(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<boolean> {
  for (let length = 0; length <= REST_BYTES; ) {
    const part = await reader.read();
    if (part.done) return true;
    length += part.value.length;
  }
  return false;
}
