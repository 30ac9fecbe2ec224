import { Buffer } from 'node:buffer';
import type { FieldSchemas } from '@smtpeter-webhooks/events';
import type { IncomingCall } from './incoming-call.js';
import type { ReceiverOptions } from './options.js';
import { createReceiver, type Receiver } from './receiver.js';
import { CallRefusedError } from './refusals.js';

/** What of an event of payload format 2.0 is looked at: a function URL's, or an HTTP API's of API Gateway. */
export interface LambdaEvent {
  readonly version?: string;
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp?: string } };
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean;
}

/** What Lambda makes an HTTP answer of. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** True when the body is bytes: a verification file. */
  readonly isBase64Encoded?: true;
}

/** Takes an event to its result. It rejects only when the event is none of payload format 2.0. */
export interface LambdaReceiver extends Pick<Receiver, 'close' | 'stats'> {
  (event: LambdaEvent, ...rest: readonly unknown[]): Promise<LambdaResult>;
}

/**
 * The receiver as a handler of AWS Lambda: `export const handler = lambdaReceiver({ id, url, on })`, behind a function
 * URL or an HTTP API with payload format 2.0. Both take HTTPS alone, so that every call counts as secure.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function lambdaReceiver<const F extends FieldSchemas>(options: ReceiverOptions<F>): LambdaReceiver {
  const receiver = createReceiver(options);
  const checkPath = receiver.signedUrl === 'received';
  const handler = async (event: LambdaEvent): Promise<LambdaResult> => {
    const { status, headers, body } = await receiver.handle(lambdaCall(event, checkPath));
    if (typeof body === 'string') return { statusCode: status, headers: { ...headers }, body };
    const text = Buffer.from(body).toString('base64');
    return { statusCode: status, headers: { ...headers }, body: text, isBase64Encoded: true };
  };
  return Object.assign(handler, { close: receiver.close, stats: receiver.stats });
}

/**
 * A call as it was signed, of what AWS made of it. Header names are lower case and lines of one name are joined with
 * commas, as in Fetch. A header that was moved out of the way (`x-amzn-remapped-date`) stands for itself again; the
 * signature tells whether it is the one that was sent. The target is `rawPath` and `rawQueryString`: with a stage that
 * is not `$default`, or a path with escapes in it, use `signedUrl: 'configured'`.
 *
 * @throws TypeError when it is no event of payload format 2.0.
 */
export function lambdaCall(event: LambdaEvent, checkPath = true): IncomingCall {
  const http = event?.requestContext?.http;
  if (http === undefined || typeof event.rawPath !== 'string' || typeof event.headers !== 'object') {
    throw new TypeError('This is no event of payload format 2.0: set the payload format version of the route to 2.0.');
  }
  const headers: string[] = [];
  for (const [name, value] of Object.entries(event.headers)) {
    const original = /^x-amzn-remapped-(.+)$/i.exec(name)?.[1];
    if (value === undefined) continue;
    if (original === undefined) headers.push(name, value);
    else if (event.headers[original.toLowerCase()] === undefined) headers.push(original, value);
  }
  const query = event.rawQueryString ?? '';
  return {
    head: {
      method: http.method,
      target: query === '' ? event.rawPath : `${event.rawPath}?${query}`,
      headers,
      secure: true,
    },
    remoteAddress: http.sourceIp,
    bodyConsumed: false,
    checkPath,
    async readBody({ maxBytes }) {
      const body = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
      if (body.length > maxBytes) throw new CallRefusedError('ERR_BODY_TOO_LARGE', { allowed: maxBytes });
      return body;
    },
  };
}
