import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CaptureOutcome, writeCapture } from '../captured/capture-file.js';
import { exitCodes, Failure } from '../failure.js';
import type { TappedCall } from './call-tap.js';

/**
 * Keeps calls as files, one a call, named after the moment of receipt and what became of it. They hold personal data:
 * only the user can read them.
 */
export class CaptureFolder {
  readonly #path: string;
  readonly #limit: number;
  // A flood of refused calls leaves the room of the others.
  readonly #kept = { refused: 0, other: 0 };

  private constructor(path: string, limit: number) {
    this.#path = path;
    this.#limit = limit;
  }

  /** @throws Failure, exit 3, when the directory cannot be made or written to. */
  static async open(path: string, limit: number): Promise<CaptureFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unwritable(path, error);
    }
    return new CaptureFolder(path, limit);
  }

  /**
   * Writes a call to a file of its own, which appears whole or not at all.
   *
   * @returns the file's path; undefined when as many were kept as were asked for: refused calls are counted apart.
   * @throws Failure, exit 3.
   */
  async keep(call: TappedCall, outcome: CaptureOutcome): Promise<string | undefined> {
    if (this.isFull(outcome)) return undefined;
    this.#kept[countOf(outcome)]++;
    const { method, target, headers, receivedAt } = call;
    const parts = { method, target, headers, receivedAt, secure: secureOf(outcome), body: call.body() };
    const moment = receivedAt.toISOString().replace(/[:.]/g, '-');
    const name = `${moment}-${randomBytes(4).toString('hex')}-${outcome.line}.json`;
    const path = join(this.#path, name);
    try {
      const file = await open(`${path}.part`, 'wx', 0o600);
      try {
        await file.writeFile(writeCapture(parts, outcome, call.complete()));
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
      return path;
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /** True once no more such calls are kept. */
  isFull(outcome: CaptureOutcome): boolean {
    return this.#kept[countOf(outcome)] >= this.#limit;
  }
}

function countOf({ line }: CaptureOutcome): 'refused' | 'other' {
  return line === 'rejected' ? 'refused' : 'other';
}

/** A call that got past the check of the transport was secure enough; which way is not known here. */
function secureOf({ code }: CaptureOutcome): boolean | undefined {
  return code === 'ERR_INSECURE_TRANSPORT' ? false : undefined;
}

function unwritable(path: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Failure(exitCodes.impossible, 'ERR_CAPTURE_FOLDER', `Cannot keep calls in ${path} (${code}).`);
}
