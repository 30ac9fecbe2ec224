import { basename, join, resolve } from 'node:path';
import { exitCodes, Failure, misuse, refused } from '../failure.js';
import { sha256Of } from '../files/existing-file.js';
import { readRegularFile } from '../files/regular-file.js';
import { walkDown } from '../files/walk-down.js';
import { isVerificationName, namesMeantBy, problemOfName, realNameOf } from '../verification-name.js';
import { otherKindOf } from './content-kind.js';
import { type Location, locate, type PlaceOptions } from './location.js';
import { nextSteps, type Outcome, printOutcome } from './outcome.js';
import { lookAhead, type Written, writeFile } from './write-file.js';

export interface Options extends PlaceOptions {
  readonly name?: string;
  readonly dryRun?: true;
  readonly force?: true;
  readonly json?: true;
}

/** Places a verification file, and prints where it is. Without arguments, on a terminal, it asks. @throws Failure */
export async function place(file: string | undefined, options: Options): Promise<void> {
  if (file === undefined) {
    const given = Object.keys(options).length > 0;
    const { canAsk } = await import('../terminal.js');
    if (given || !canAsk()) {
      throw misuse(
        'Give the file: smtpeter-webhooks place <file>.',
        'It is asked for on a terminal, and without options.',
      );
    }
    const { askAndPlace } = await import('./ask.js');
    return askAndPlace(placeFile);
  }
  printOutcome(await placeFile(file, options), options.json === true);
}

/** Places a verification file. @throws Failure */
export async function placeFile(file: string, options: Options): Promise<Outcome> {
  checkName(options.name);
  const location = await locate(options);
  const { name, copied } = readName(file, options.name);
  const source = resolve(file);
  const bytes = readRegularFile(source);
  const other = otherKindOf(bytes);
  if (other !== undefined) {
    throw refused(
      'ERR_CONTENT',
      `${source} is no verification file, but ${other}.`,
      'Download it from the dashboard again.',
    );
  }
  const warnings = [...location.warnings];
  if (copied) warnings.push(`${basename(file)} is the name of a copy: the file is placed as ${name}.`);
  if (!isVerificationName(name)) {
    warnings.push(
      `The middleware of this project serves only smtpeter-*.txt, not ${name}, and the vendor asks for the name that it gave.`,
    );
  }
  const written = write(location, name, bytes, options);
  if (written.mendedMode !== undefined) warnings.push(modeWarning(written.mendedMode, options.dryRun === true));
  return toOutcome({ location, name, bytes, warnings, written, options });
}

function checkName(given: string | undefined): void {
  const problem = given === undefined ? undefined : problemOfName(given);
  if (problem !== undefined) throw misuse(`--name cannot be ${JSON.stringify(given?.slice(0, 200))}: ${problem}.`);
}

function readName(file: string, given: string | undefined): { name: string; copied: boolean } {
  if (given !== undefined) return { name: given, copied: false };
  const own = basename(file);
  const name = realNameOf(own);
  if (name !== undefined) return { name, copied: name !== own };
  if (/\.(crdownload|part|partial|download|opdownload)$/i.test(own)) {
    throw refused('ERR_NAME', `${own} is still being downloaded, or its download was broken off.`);
  }
  throw refused(
    'ERR_NAME',
    `${own} is not a name that the vendor gives: smtpeter-, then letters, digits, - or _, then .txt.`,
    nameHint(namesMeantBy(own)),
  );
}

function nameHint([name, other]: readonly string[]): string {
  if (name === undefined) return 'If it is the right file, give its name: --name smtpeter-….txt.';
  if (other === undefined) return `If ${name} is meant, give that name: --name ${name}.`;
  return `Is it a copy of ${name}, or of ${other}? Give the name that the dashboard shows: --name ${name}, or --name ${other}.`;
}

interface Result extends Written {
  readonly path: string;
  readonly directoriesCreated: readonly string[];
}

function write(location: Location, name: string, bytes: Buffer, { dryRun, force }: Options): Result {
  const walk = walkDown(location.base, location.below, dryRun ? 'plan' : 'make');
  const path = join(walk.path, name);
  try {
    const written = !walk.complete
      ? ({ action: 'created' } as const)
      : (dryRun ? lookAhead : writeFile)(walk.directory, name, bytes, force === true);
    return { ...written, path, directoriesCreated: walk.missing };
  } catch (error) {
    walk.undo();
    throw error;
  } finally {
    walk.close();
  }
}

function modeWarning(mode: number, dryRun: boolean): string {
  const now = dryRun ? 'it would now be 0644' : 'it is 0644 now';
  return `The file was there already, but with mode ${mode.toString(8).padStart(4, '0')} no web server could read it: ${now}.`;
}

interface Parts {
  readonly location: Location;
  readonly name: string;
  readonly bytes: Buffer;
  readonly warnings: readonly string[];
  readonly written: Result;
  readonly options: Options;
}

function toOutcome({ location, name, bytes, warnings, written, options }: Parts): Outcome {
  const { path, action, existingSha256, directoriesCreated } = written;
  const url = location.urlOf(name);
  const common = { path, url, rule: location.rule, bytes: bytes.length, sha256: sha256Of(bytes) };
  const existing = existingSha256 === undefined ? {} : { existingSha256 };
  if (action === 'conflict') {
    throw new Failure(
      exitCodes.no,
      'ERR_CONFLICT',
      `${path} is there already, with other content. It was left alone.`,
      {
        hint: 'If the file at hand is the right one, replace it with --force.',
        lines: [`  there:   sha256 ${existingSha256 ?? '(too large to read)'}`, `  at hand: sha256 ${common.sha256}`],
        fields: { ...common, ...existing, directoriesCreated, warnings, next: [] },
      },
    );
  }
  const planned = { created: 'would-create', replaced: 'would-replace', unchanged: 'unchanged' } as const;
  return {
    ok: true,
    action: options.dryRun ? planned[action] : action,
    ...common,
    ...existing,
    directoriesCreated,
    warnings,
    next: nextSteps({
      file: path,
      url,
      callback: options.url,
      rebuild: location.rebuild,
      dryRun: options.dryRun === true,
    }),
  };
}
