import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import type { BodyLimits } from './incoming-call.js';
import { CallRefusedError } from './refusals.js';

/** Reads the whole body of a request, within its limits. What is over them is left unread. */
export function readNodeBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const declared = request.headers['content-length'];
  return new Promise((resolve, reject) => {
    const late = (waitedMs: number) => () => finish(new CallRefusedError('ERR_BODY_TIMEOUT', { waitedMs }));
    const total = setTimeout(late(limits.totalMs), limits.totalMs);
    const idle = setTimeout(late(limits.idleMs), limits.idleMs);
    const progress = () => idle.refresh();
    const finish = (outcome: Uint8Array | CallRefusedError) => {
      clearTimeout(total);
      clearTimeout(idle);
      request.off('data', progress);
      if (outcome instanceof CallRefusedError) reject(outcome);
      else resolve(outcome);
    };
    // With a callback: a promise of its own would be one more a call.
    getRawBody(request, { length: declared ?? null, limit: limits.maxBytes }, (error, body) => {
      if (!error) return finish(body);
      finish(
        error.type === 'entity.too.large'
          ? new CallRefusedError('ERR_BODY_TOO_LARGE', { allowed: limits.maxBytes })
          : new CallRefusedError('ERR_BODY_ABORTED', {}, { cause: error }),
      );
    });
    request.on('data', progress);
  });
}

/** True when something has taken bytes from the body, or all of it. */
export function isConsumed(request: IncomingMessage): boolean {
  return request.readableDidRead || request.readableEnded;
}
