import type { SignedCall } from '../sign-request.js';

/**
 * A call as a Fetch `Request`, for handlers that take one: `fetchReceiver()`, a Hono app's `fetch`, a route of Next.js.
 * Over a connection use `sendRequest`: `fetch()` itself replaces Host, which is signed.
 */
export function toRequest(call: SignedCall): Request {
  const headers = new Headers();
  for (const [name, value] of call.headers) headers.append(name, value);
  const body = call.method === 'GET' || call.method === 'HEAD' ? null : Uint8Array.from(call.body);
  return new Request(new URL(call.target, call.url), { method: call.method, headers, body });
}

/** What light-my-request's `inject` takes, which is what Fastify's `app.inject` is. */
export interface InjectCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | string[]>;
  readonly payload: Buffer;
}

/** A call for `app.inject()`. It says that a proxy on loopback ended TLS, as `sendRequest` does. */
export function toInject(call: SignedCall): InjectCall {
  return { method: call.method, url: call.target, headers: headersOf(call), payload: Buffer.from(call.body) };
}

/** What of supertest and superagent is needed. */
export interface SettableTest {
  /** Sets headers. */
  set(headers: Record<string, string>): this;
  /** Says how the body becomes text. */
  serialize(serializer: (data: string) => string): this;
  /** Sets the body. */
  send(data: Buffer): this;
}

/**
 * A call through supertest: `await toSupertest(request(app), vendor.call()).expect(200)`. It says that a proxy on
 * loopback ended TLS, so an Express app needs `app.set('trust proxy', 'loopback')` when its url is https.
 */
export function toSupertest<T extends SettableTest>(
  agent: { post(target: string): T; get(target: string): T },
  call: SignedCall,
): T {
  const test = call.method === 'GET' ? agent.get(call.target) : agent.post(call.target);
  // Superagent takes lists, and sends them as lines; its types do not say so.
  test.set(headersOf(call) as Record<string, string>);
  // Without a serializer of one's own, bytes with a JSON Content-Type would be made JSON of once more.
  return call.method === 'GET' ? test : test.serialize((data) => data).send(Buffer.from(call.body));
}

function headersOf(call: SignedCall): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of call.headers) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  if (call.url.startsWith('https:')) headers['X-Forwarded-Proto'] = 'https';
  return headers;
}
