import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { KeyLookup, KeySource } from './key-source.js';
import { importDkimKey } from './signature-algorithm.js';
import type { SignedRequest } from './signed-request.js';

/** One moment for all tests. */
export const now = Date.UTC(2026, 10, 23, 12, 0, 0);

export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherKeyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ed25519KeyPair = generateKeyPairSync('ed25519');
export const keyId = 'one._domainkey.copernica.com';
export const endpoint = { id: 'environment-1234', url: 'https://example.com/hooks/smtpeter' };

export const importPublic = (key: KeyObject) =>
  importDkimKey(key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa', key.export({ type: 'spki', format: 'der' }));

/** A source that knows names by heart, and counts how often it was asked. */
export function sourceOf(keys: Record<string, KeyLookup>): KeySource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    find(name) {
      asked.push(name);
      return keys[name] ?? { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'no such name' };
    },
  };
}

export async function sourceWith(...keys: KeyObject[]): Promise<KeySource & { asked: string[] }> {
  const imported = await Promise.all(keys.map(importPublic));
  return sourceOf({ [keyId]: { outcome: 'found', keys: imported, cached: true, stale: false } });
}

export interface CallParts {
  method: string;
  target: string;
  headers: [string, string][];
  body: Uint8Array;
  secure: boolean;
  list: string[];
  parameters: Record<string, string>;
  /** Lines of the signing string that do not come from the headers. */
  lines: Record<string, string>;
  privateKey: KeyObject;
  /** The last word on the finished header lines. */
  finish(headers: [string, string][]): [string, string][];
}

/** A genuine call, as the vendor would sign it, with any part of it replaced before it is signed. */
export function signedCall(change: Partial<CallParts> = {}): SignedRequest {
  const body = change.body ?? Buffer.from('{"type":"open","id":"abc"}');
  const parts: CallParts = {
    method: 'POST',
    target: '/hooks/smtpeter',
    headers: [
      ['Host', 'example.com'],
      ['Date', new Date(now).toUTCString()],
      ['Content-Length', String(body.length)],
      ['Content-Type', 'application/json'],
      ['X-Copernica-ID', 'environment-1234'],
      ['Digest', `SHA-256=${createHash('sha256').update(body).digest('base64')}`],
      ['X-Nonce', 'fsd9f2'],
    ],
    secure: true,
    list: ['(request-target)', 'host', 'date', 'content-length', 'content-type', 'x-copernica-id', 'digest', 'x-nonce'],
    parameters: { keyId, algorithm: 'rsa-sha256' },
    lines: {},
    privateKey: keyPair.privateKey,
    finish: (headers) => headers,
    ...change,
    body,
  };
  const text = parts.list
    .map((name) => {
      const lower = name.toLowerCase();
      const value =
        parts.lines[lower] ??
        (lower === '(request-target)'
          ? `${parts.method.toLowerCase()} ${parts.target}`
          : parts.headers.find(([header]) => header.toLowerCase() === lower)?.[1]);
      return `${lower}: ${value}`;
    })
    .join('\n');
  const hash = parts.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(hash, Buffer.from(text, 'latin1'), parts.privateKey).toString('base64');
  const parameters = { ...parts.parameters, headers: parts.list.join(' '), signature };
  const value = Object.entries(parameters)
    .map(([name, one]) => (/^(created|expires)$/.test(name) ? `${name}=${one}` : `${name}="${one}"`))
    .join(',');
  const headers = parts.finish([...parts.headers, ['Signature', value]]);
  return { method: parts.method, target: parts.target, headers: headers.flat(), body, secure: parts.secure };
}

/** The same call with one header's value changed after it was signed. */
export function withHeader(request: SignedRequest, name: string, change: (value: string) => string): SignedRequest {
  const headers = [...request.headers];
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === name.toLowerCase()) headers[i + 1] = change(headers[i + 1] ?? '');
  }
  return { ...request, headers };
}
