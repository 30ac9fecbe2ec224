import { type CapturedCall, CaptureError, headerPairs } from './captured-call.js';

/** What `format` says in a file of ours. */
export const captureFormat = 'smtpeter-webhooks/captured-call@1';

/** What became of a captured call. */
export interface CaptureOutcome {
  readonly line: 'event' | 'duplicate' | 'rejected' | 'unanswered';
  readonly code?: string;
  readonly status?: number;
}

/** The file of one captured call: JSON, the body in base64. */
export function writeCapture(
  call: Omit<CapturedCall, 'format' | 'notes'>,
  outcome: CaptureOutcome,
  complete: boolean,
): string {
  const { method, target, headers, body, secure, receivedAt } = call;
  const file = {
    format: captureFormat,
    receivedAt: receivedAt?.toISOString() ?? null,
    outcome,
    secure: secure ?? null,
    method,
    target,
    headers: headerPairs(headers),
    bodyComplete: complete,
    body: Buffer.from(body).toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads what {@link writeCapture} wrote, already parsed as JSON. @throws CaptureError */
export function readCapture(file: Record<string, unknown>): CapturedCall {
  const { method, target, secure, receivedAt, body, bodyComplete } = file;
  if (typeof method !== 'string' || typeof target !== 'string' || typeof body !== 'string') {
    throw new CaptureError('method, target or body is missing.');
  }
  const headers: string[] = [];
  for (const pair of Array.isArray(file['headers']) ? file['headers'] : []) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw new CaptureError('headers is not a list of name and value.');
    }
    headers.push(pair[0], pair[1]);
  }
  const instant = typeof receivedAt === 'string' ? new Date(receivedAt) : undefined;
  return {
    method,
    target,
    headers,
    body: Buffer.from(body, 'base64'),
    secure: typeof secure === 'boolean' ? secure : undefined,
    receivedAt: instant !== undefined && !Number.isNaN(instant.getTime()) ? instant : undefined,
    format: 'captured call',
    notes: bodyComplete === false ? ['The body did not arrive in whole while the call was captured.'] : [],
  };
}
