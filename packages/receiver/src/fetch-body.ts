import { declaredLength, type Incoming } from './fetch-incoming.js';
import { dropRest } from './fetch-rest.js';
import type { BodyLimits } from './incoming-call.js';
import { CallRefusedError } from './refusals.js';

/** A body that is said to be no larger is there in one piece or a few. */
const SMALL_BYTES = 65_536;

/**
 * Reads the whole body of a request, within its limits.
 *
 * @param incoming - what the request was made of. Node holds a body to its Content-Length; of other requests nobody knows
 *   who has said how long they are.
 * @throws CallRefusedError, as a rejection.
 */
export function readFetchBody(request: Request, limits: BodyLimits, incoming?: Incoming): Promise<Uint8Array> {
  const declared = incoming === undefined ? undefined : declaredLength(incoming);
  return declared !== undefined && declared <= Math.min(SMALL_BYTES, limits.maxBytes)
    ? readSmall(request, limits)
    : readByParts(request, limits);
}

/** Without a stream, which is dear. It is not seen where it stops: it has the time for a single byte, as a whole. */
async function readSmall(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  try {
    return new Uint8Array(await inTime(request.arrayBuffer(), limits.idleMs));
  } catch (error) {
    throw error instanceof CallRefusedError ? error : new CallRefusedError('ERR_BODY_ABORTED', {}, { cause: error });
  }
}

async function readByParts(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const endsAt = performance.now() + limits.totalMs;
  try {
    for (;;) {
      const part = await inTime(reader.read(), Math.min(limits.idleMs, endsAt - performance.now()));
      if (part.done) return joined(chunks, length);
      length += part.value.length;
      if (length > limits.maxBytes) throw new CallRefusedError('ERR_BODY_TOO_LARGE', { allowed: limits.maxBytes });
      chunks.push(part.value);
    }
  } catch (error) {
    dropRest(reader);
    throw error instanceof CallRefusedError ? error : new CallRefusedError('ERR_BODY_ABORTED', {}, { cause: error });
  }
}

function inTime<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new CallRefusedError('ERR_BODY_TIMEOUT', { waitedMs: Math.max(0, Math.round(waitMs)) }));
    const timer = setTimeout(late, Math.max(0, waitMs));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
