import type { KeyObject } from 'node:crypto';
import { createTestKey, type SignedCall, sampleEvent, signRequest, type TestKey } from '@smtpeter-webhooks/sender';
import { type KeySource, pinnedKeys } from '@smtpeter-webhooks/verify';

export const keyId = 'one._domainkey.copernica.com';
export const endpoint = { id: 'environment-1234', url: 'https://example.com/hooks/smtpeter' };

/** Signed calls, and the key that they are signed with. */
export interface SignedCalls {
  readonly key: TestKey;
  readonly calls: readonly SignedCall[];
}

/** Makes distinct signed calls: opens in JSON, or bounces with a message of so many bytes. */
export function makeCalls(
  count: number,
  options: {
    readonly messageBytes?: number;
    readonly key?: TestKey;
    readonly bits?: number;
    readonly id?: string;
  } = {},
): SignedCalls {
  const { messageBytes, bits = 2048, key = createTestKey({ bits }), id = endpoint.id } = options;
  const calls: SignedCall[] = [];
  for (let number = 0; number < count; number++) {
    const event =
      messageBytes === undefined
        ? sampleEvent('open', {}, { number })
        : sampleEvent('bounce', { mime: messageOf(messageBytes) }, { number });
    calls.push(signRequest({ ...endpoint, id, key, keyId, event }));
  }
  return { key, calls };
}

/** The key, ready in a source that never waits. */
export async function readyKeys(key: TestKey): Promise<KeySource> {
  const source = pinnedKeys({ keys: [{ ...key.publicJwk, kid: keyId }] });
  await source.find(keyId);
  return source;
}

/** Names and values as node:http gives them in `rawHeaders`. */
export function rawHeaders(call: SignedCall): string[] {
  return call.headers.flat();
}

/** Headers as node:http gives them in `headers`. */
export function headerObject(call: SignedCall): Record<string, string> {
  return Object.fromEntries(call.headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** A call as every candidate gets it: what costs time to make of it that a server would have anyway is made before. */
export interface PreparedCall {
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: string[];
    readonly secure: true;
    readonly body: Buffer;
  };
  readonly message: {
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly rawHeaders: string[];
  };
  readonly body: Buffer;
  readonly signingBytes: Buffer;
  readonly signature: Buffer;
}

export function prepare(signed: SignedCall): PreparedCall {
  const call = asReceived(signed);
  const headers = headerObject(call);
  const body = Buffer.from(call.body);
  const parameters = headers['signature'] ?? '';
  const names = /headers="([^"]*)"/.exec(parameters)?.[1]?.split(' ') ?? [];
  const line = (name: string) =>
    name === '(request-target)' ? `${call.method.toLowerCase()} ${call.target}` : headers[name];
  return {
    request: { method: call.method, target: call.target, headers: rawHeaders(call), secure: true, body },
    message: { method: call.method, url: call.target, headers, rawHeaders: rawHeaders(call) },
    body,
    signingBytes: Buffer.from(names.map((name) => `${name}: ${line(name)}`).join('\n'), 'latin1'),
    signature: Buffer.from(/signature="([^"]*)"/.exec(parameters)?.[1] ?? '', 'base64'),
  };
}

/**
 * The call with its head in the strings that a server's parser makes: flat, and an octet a character. How the sender
 * happened to put them together (of parts, some with two octets a character) would cost every candidate time that no
 * server costs it.
 */
function asReceived(call: SignedCall): SignedCall {
  return {
    ...call,
    method: flat(call.method),
    target: flat(call.target),
    headers: call.headers.map(([name, value]) => [flat(name), flat(value)] as const),
  };
}

function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

export type { KeyObject, SignedCall, TestKey };

function messageOf(bytes: number): string {
  const line = 'The mailbox that you wrote to is full; please try again later. = 100 %\r\n';
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}
