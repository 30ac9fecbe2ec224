import { readFile } from 'node:fs/promises';
import { type TestKey, testKeyFromPem } from '@smtpeter-webhooks/sender';
import { exitCodes, Failure } from '../failure.js';

/** Reads a test key. @throws Failure: exit 3 when the file cannot be read, 2 when it holds no such key. */
export async function readPrivateKey(path: string): Promise<TestKey> {
  let pem: Buffer;
  try {
    pem = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_KEY_FILE', `Cannot read the key file ${path} (${code}).`);
  }
  try {
    return testKeyFromPem(pem);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Failure(
      exitCodes.misuse,
      'ERR_KEY_INVALID',
      error.message,
      'Make one with: smtpeter-webhooks keygen key.pem',
    );
  }
}
