import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { color } from '../color.js';
import { undecided } from '../failure.js';
import { visibleText } from '../terminal-text.js';
import { findDownloads } from './find-downloads.js';
import { findHandlers } from './find-handlers.js';
import type { PlaceOptions } from './location.js';
import { type Outcome, printOutcome } from './outcome.js';

/** What does the work once all is known. */
export type PlaceFile = (file: string, options: PlaceOptions & { readonly dryRun?: true }) => Promise<Outcome>;

/** Asks for the file and the place, shows what will be done, and does it on Enter. @throws Failure */
export async function askAndPlace(placeFile: PlaceFile): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const stopped = new AbortController();
  lines.once('close', () => stopped.abort());
  const ask = async (question: string) => {
    try {
      return (await lines.question(question, { signal: stopped.signal })).trim();
    } catch {
      throw undecided('ERR_CANCELLED', 'Nothing was done.');
    }
  };
  try {
    const file = await choose(ask, 'The verification file', findDownloads());
    const where = await choose(
      ask,
      'The script that handles the calls, or the directory to place it in',
      findHandlers(process.cwd()),
    );
    const url = await ask('The callback URL as typed into the dashboard (Enter to leave it out): ');
    const options = { ...placeOf(where), ...(url !== '' && { url }) };
    printOutcome(await placeFile(file, { ...options, dryRun: true }), false);
    await ask(`\n${color.bold('Enter')} places it, Ctrl-C leaves everything as it is: `);
    printOutcome(await placeFile(file, options), false);
  } finally {
    lines.close();
  }
}

type Ask = (question: string) => Promise<string>;

/** A number of the list, Enter for its first, or a path that is typed. */
async function choose(ask: Ask, what: string, found: readonly string[]): Promise<string> {
  const shown = found.slice(0, 9);
  if (shown.length > 0) process.stdout.write(`${what}:\n`);
  for (const [i, path] of shown.entries()) process.stdout.write(`  ${i + 1}  ${visibleText(short(path))}\n`);
  for (;;) {
    const typed = await ask(shown.length > 0 ? 'Its number (Enter for 1), or another path: ' : `${what}: `);
    const chosen = shown[typed === '' ? 0 : Number(typed) - 1] ?? (typed === '' ? undefined : typed);
    if (chosen !== undefined) return chosen;
  }
}

function short(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') ? path : from;
}

function placeOf(path: string): PlaceOptions {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isDirectory ? { directory: resolve(path) } : { handler: resolve(path) };
}
