import { readFile } from 'node:fs/promises';
import { exitCodes, Failure } from '../failure.js';

/** The bytes of a file, or of stdin for `-`. @throws Failure, exit 3. */
export async function readInput(path: string): Promise<Buffer> {
  if (path === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_INPUT_FILE', `Cannot read ${path} (${code}).`);
  }
}
