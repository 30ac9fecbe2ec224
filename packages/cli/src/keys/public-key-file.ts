import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exitCodes, Failure } from '../failure.js';
import { keyInRecord } from './describe-record.js';

/**
 * Reads a key to verify with: a public key in PEM, the private one that it belongs to, or a DKIM record as text.
 *
 * @throws Failure: exit 3 when the file cannot be read, 2 when it holds no such key.
 */
export async function readPublicKey(path: string): Promise<KeyObject> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_KEY_FILE', `Cannot read the key file ${path} (${code}).`);
  }
  const key = fromPem(text) ?? keyInRecord(text.trim().replace(/"\s*"/g, '').replace(/^"|"$/g, ''));
  if (key !== undefined && (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ed25519')) return key;
  throw new Failure(
    exitCodes.misuse,
    'ERR_KEY_INVALID',
    `${path} holds no key to verify with.`,
    'Give a public key in PEM (RSA or Ed25519), the private key, or the DKIM record.',
  );
}

function fromPem(text: string): KeyObject | undefined {
  try {
    // Of a private key it takes the public half.
    return createPublicKey(text);
  } catch {
    return undefined;
  }
}

/** The DKIM record that publishes a key (RFC 6376 section 3.6.1, RFC 8463 section 4). */
export function dkimRecordOf(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa';
  const spki = createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' });
  return `v=DKIM1; k=${type}; p=${(type === 'ed25519' ? spki.subarray(-32) : spki).toString('base64')}`;
}
