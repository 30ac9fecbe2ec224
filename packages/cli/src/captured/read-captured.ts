import { open, stat } from 'node:fs/promises';
import { exitCodes, Failure } from '../failure.js';
import { captureFormat, readCapture } from './capture-file.js';
import { type CapturedCall, CaptureError } from './captured-call.js';
import { readHar } from './har-entry.js';
import { parseRawMessage } from './raw-message.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a captured call from a file, or from stdin for `-`: a raw HTTP message, a file that `listen --capture` wrote, or
 * a HAR file with one call.
 *
 * @throws Failure: exit 3 when it cannot be read, 1 when it is something else.
 */
export async function readCaptured(source: string): Promise<CapturedCall> {
  const bytes = source === '-' ? await readStdin() : await readFileBytes(source);
  try {
    return parseCaptured(bytes);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    const name = source === '-' ? 'stdin' : source;
    throw new Failure(
      exitCodes.no,
      'ERR_CAPTURE_UNREADABLE',
      `${name} is not a captured call: ${error.message}`,
      'Give a raw HTTP message, a file that listen --capture wrote, or a HAR file.',
    );
  }
}

/** Tells the formats apart by their content. @throws CaptureError */
export function parseCaptured(bytes: Buffer): CapturedCall {
  const first = bytes
    .subarray(0, 64)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (bytes.length === 0) throw new CaptureError('It is empty.');
  if (!first.startsWith('{')) return parseRawMessage(bytes);
  let file: unknown;
  try {
    file = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    throw new CaptureError('It starts like JSON, and is none.');
  }
  // It starts with a brace, so that it is an object.
  const object = file as Record<string, unknown>;
  if (object['format'] === captureFormat) return readCapture(object);
  if (typeof object['log'] === 'object' || typeof object['request'] === 'object') return readHar(object);
  throw new CaptureError('This JSON is neither a captured call nor a HAR file.');
}

async function readFileBytes(path: string): Promise<Buffer> {
  try {
    // A pipe or a device could keep us waiting for ever.
    if (!(await stat(path)).isFile()) {
      throw new Failure(exitCodes.no, 'ERR_CAPTURE_UNREADABLE', `${path} is not a file.`, 'For a pipe give - as name.');
    }
    const file = await open(path);
    try {
      if ((await file.stat()).size > MAX_BYTES) throw tooLarge(path);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_CAPTURE_FILE', `Cannot read ${path} (${code}).`);
  }
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw tooLarge('stdin');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string): Failure {
  return new Failure(exitCodes.no, 'ERR_CAPTURE_UNREADABLE', `${name} is larger than 64 MiB.`);
}
