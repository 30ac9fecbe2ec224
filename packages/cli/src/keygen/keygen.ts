import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createTestKey } from '@smtpeter-webhooks/sender';
import { importJwkKey } from '@smtpeter-webhooks/verify';
import { exitCodes, Failure } from '../failure.js';

export interface KeygenOptions {
  readonly type: 'rsa' | 'ed25519';
  readonly bits: number;
  readonly name: string;
  readonly json?: true;
}

/** Makes a test key. @throws Failure: exit 1 when the file is there already, 3 when it cannot be written. */
export async function keygen(file: string, { type, bits, name, json }: KeygenOptions): Promise<void> {
  const path = resolve(file);
  const key = createTestKey({ type, bits });
  await writeNew(path, key.privateKeyPem);
  const { thumbprint } = await importJwkKey(key.publicJwk);
  const record = `${name}. 300 IN TXT ${key.txtStrings.map((part) => `"${part}"`).join(' ')}`;
  if (json) {
    const { dkimRecord, txtStrings } = key;
    const document = { ok: true, path, type, bits: key.bits, thumbprint, name, dkimRecord, txtStrings, record };
    process.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  process.stdout.write(`A test key of ${key.bits} bits (${type}) is in ${path}.

Its record, for a DNS server of yours:

${record}

Or let this command publish it:

  smtpeter-webhooks dns --key ${file} --name ${name} --port 5353
`);
}

/** Readable by nobody else from its first moment; never over another file. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') {
      throw new Failure(
        exitCodes.no,
        'ERR_EXISTS',
        `${path} is there already; it is left as it is.`,
        'Give another name.',
      );
    }
    throw new Failure(exitCodes.impossible, 'ERR_KEY_FILE', `Cannot write ${path} (${code}).`);
  }
}
