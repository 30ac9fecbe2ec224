import { accessSync, constants, statSync, unlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { color } from '../color.js';
import { refused } from '../failure.js';
import { existingFile, sha256Of } from '../files/existing-file.js';
import type { OpenDirectory } from '../files/open-directory.js';
import { readRegularFile } from '../files/regular-file.js';
import { systemFailure } from '../files/system-failure.js';
import { walkDown } from '../files/walk-down.js';
import { locate, type PlaceOptions } from '../place/location.js';
import { terminalJson, visibleText } from '../terminal-text.js';
import { realNameOf } from '../verification-name.js';

export interface RemoveOptions extends PlaceOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** Removes a verification file, and prints that. @throws Failure */
export async function remove(file: string, options: RemoveOptions): Promise<void> {
  const location = await locate(options);
  const { name, original } = readArgument(file);
  const walk = walkDown(location.base, location.below, 'look');
  const path = join(walk.path, name);
  try {
    const there = walk.complete && compare(walk.directory, name, original);
    if (there) take(walk.directory, name, options.dryRun === true);
    const action = there ? (options.dryRun ? 'would-remove' : 'removed') : 'absent';
    const { rule, warnings } = location;
    print({ ok: true, action, path, url: location.urlOf(name), rule, warnings }, options.json === true);
  } finally {
    walk.close();
  }
}

/** What is a path, or is there, is the original; else it is a name. */
function readArgument(file: string): { name: string; original: Buffer | undefined } {
  const own = basename(file);
  const name = realNameOf(own);
  if (name === undefined) {
    throw refused('ERR_NAME', `${own} is not a name that the vendor gives: only smtpeter-….txt are removed.`);
  }
  const isPath = file !== own || statSync(file, { throwIfNoEntry: false }) !== undefined;
  return { name, original: isPath ? readRegularFile(resolve(file)) : undefined };
}

/** False when it is not there. @throws Failure when it is another file, or none that is ours to remove. */
function compare(directory: OpenDirectory, name: string, original: Buffer | undefined): boolean {
  const existing = existingFile(directory, name, original ?? Buffer.alloc(0), 'remove');
  if (existing === undefined) return false;
  if (original === undefined || existing.same) return true;
  const path = join(directory.path, name);
  const sha256 = sha256Of(original);
  throw refused('ERR_CONFLICT', `${path} has other content than the file at hand. It was left alone.`, {
    hint: 'To remove it all the same, give its name, from another directory.',
    lines: [`  there:   sha256 ${existing.sha256 ?? '(too large to read)'}`, `  at hand: sha256 ${sha256}`],
    fields: { path, sha256, existingSha256: existing.sha256 },
  });
}

function take(directory: OpenDirectory, name: string, dryRun: boolean): void {
  try {
    if (dryRun) accessSync(directory.at(), constants.W_OK | constants.X_OK);
    else unlinkSync(directory.at(name));
  } catch (error) {
    throw systemFailure('remove', join(directory.path, name), error);
  }
  if (!dryRun) directory.flush();
}

const headlines = { removed: 'removed', absent: 'not there', 'would-remove': 'would be removed (dry run)' } as const;

interface Outcome {
  readonly ok: true;
  readonly action: keyof typeof headlines;
  readonly path: string;
  readonly url: string | null;
  readonly rule: { readonly id: string; readonly why: string };
  readonly warnings: readonly string[];
}

function print(outcome: Outcome, json: boolean): void {
  const { action, path, rule } = outcome;
  const line = `${color.green(headlines[action])}: ${visibleText(path)}\nrule: ${rule.id}, because ${visibleText(rule.why)}`;
  process.stdout.write(`${json ? terminalJson(outcome) : line}\n`);
}
