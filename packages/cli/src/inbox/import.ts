import { fstatSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { StoredEvent, StoredInbox } from '@smtpeter-webhooks/inbox';
import { exitCodes, Failure } from '../failure.js';
import type { LineWriter } from '../listen/line-writer.js';
import { LineError, parseLine } from './parse-line.js';
import { progress } from './progress.js';

const PAGE = 500;

/**
 * Takes in what `inbox export` wrote, from standard input, so many lines in one commit. What was taken in before a line
 * that is wrong stays: to import again is harmless, for what is there is left out.
 *
 * @throws Failure, exit 3, that names the line.
 */
export async function importLines(opened: StoredInbox<unknown>, json: boolean, out: LineWriter): Promise<void> {
  const { stdin } = process;
  let [imported, known, number] = [0, 0, 0];
  let events: StoredEvent[] = [];
  let bytes = 0;
  const bar = progress(sizeOf(stdin.fd));
  const flush = async () => {
    const count = await opened.store.import(events);
    imported += count;
    known += events.length - count;
    events = [];
    bar.at(bytes);
  };
  try {
    for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      bytes += Buffer.byteLength(line) + 1;
      if (line.trim() !== '') events.push(parseLine(line));
      if (events.length >= PAGE) await flush();
    }
    await flush();
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    const what = `Line ${number} is not one that inbox export writes: ${error.message}.`;
    throw new Failure(exitCodes.impossible, 'ERR_INBOX_IMPORT', what, {
      hint: `${imported + known} events of the lines before are there; mend the line, and import all of it again.`,
      fields: { line: number, imported, known },
    });
  } finally {
    bar.end();
  }
  await out.write(
    json ? JSON.stringify({ ok: true, imported, known }) : `${imported} events imported, ${known} known already`,
  );
}

/** Of a file that was redirected here; of a pipe nothing is known. */
function sizeOf(fd: number): number {
  try {
    return fstatSync(fd).size;
  } catch {
    return 0;
  }
}
