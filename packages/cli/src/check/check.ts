import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { readCallbackUrl, rootUrl, siblingUrl } from '../callback-url.js';
import { color } from '../color.js';
import { exitCodes, Failure, misuse, undecided } from '../failure.js';
import { readRegularFile } from '../files/regular-file.js';
import { systemFailure } from '../files/system-failure.js';
import { terminalJson, visibleText } from '../terminal-text.js';
import { problemOfName, realNameOf } from '../verification-name.js';
import { type Finding, judge } from './judge.js';
import { look } from './look.js';
import { readResolutions } from './resolve-option.js';

export interface CheckOptions {
  readonly file?: string;
  readonly name?: string;
  readonly resolve?: string[];
  readonly ca?: string;
  readonly json?: true;
}

/** An entry of `candidates`. */
export interface Candidate extends Finding {
  readonly url: string;
}

/** Looks where the vendor looks, and prints what is there. @throws Failure when it is not there, or cannot be reached. */
export async function check(callbackUrl: string, options: CheckOptions): Promise<void> {
  const callback = readCallbackUrl('<callback url>', callbackUrl);
  const resolutions = readResolutions(options.resolve ?? []);
  const { name, expected } = readExpected(options);
  const ca = options.ca === undefined ? undefined : readCertificates(options.ca);
  const urls = [...new Set([siblingUrl(callback, name), rootUrl(callback, name)])];
  const candidates = await Promise.all(
    urls.map(async (url): Promise<Candidate> => {
      const sight = await look(new URL(url), { resolutions, ca });
      return { url, ...judge(new URL(url), sight, expected) };
    }),
  );
  const good = candidates.some(({ result }) => result === 'match' || result === 'found');
  if (!good) throw notThere(candidates, name);
  const verified = expected === undefined ? null : true;
  if (options.json) process.stdout.write(`${terminalJson({ ok: true, verified, candidates })}\n`);
  else process.stdout.write(`${[...candidates.flatMap(coloured), goodLine(verified)].join('\n')}\n`);
}

function goodLine(verified: true | null): string {
  if (verified === null) return 'There is a file of that name. To compare its contents, give --file.';
  return 'The vendor can find it: follow the verification link in the dashboard.';
}

function notThere(candidates: readonly Candidate[], name: string): Failure {
  const lost = candidates.every(({ result }) => ['timeout', 'unreachable', 'tls-error'].includes(result));
  const fields = { verified: false, candidates };
  const lines = candidates.flatMap(plain);
  if (lost) {
    const message = 'The server could not be reached.';
    return new Failure(exitCodes.impossible, 'ERR_UNREACHABLE', message, { fields, lines });
  }
  const hint = 'One of the places is enough. smtpeter-webhooks place puts the file there.';
  return new Failure(exitCodes.no, 'ERR_NOT_VERIFIED', `The vendor would not find ${name} as it should be.`, {
    hint,
    fields,
    lines,
  });
}

/** On stdout, which the colours are for. */
function coloured(candidate: Candidate): string[] {
  const { result } = candidate;
  const [first = '', ...rest] = plain(candidate).map(visibleText);
  const paint = result === 'match' || result === 'found' ? color.green : color.red;
  return [paint(result) + first.slice(result.length), ...rest];
}

function plain({ url, status, result, detail }: Candidate): string[] {
  return [`${result}${status === null ? '' : ` (${status})`}  ${url}`, `  ${detail}`];
}

/** The name to look for, and the bytes that should be there. */
function readExpected({ file, name }: CheckOptions): { name: string; expected: Buffer | undefined } {
  if (name !== undefined) {
    const problem = problemOfName(name);
    if (problem !== undefined) throw misuse(`--name cannot be ${JSON.stringify(name.slice(0, 200))}: ${problem}.`);
    return { name, expected: file === undefined ? undefined : readRegularFile(resolve(file)) };
  }
  const path = file ?? onlyFileHere();
  const own = basename(path);
  const real = realNameOf(own) ?? (problemOfName(own) === undefined ? own : undefined);
  if (real === undefined)
    throw misuse(
      `${own} is not a name like smtpeter-x1y2z.txt.`,
      'Give the name that the vendor gave: --name smtpeter-….txt.',
    );
  return { name: real, expected: readRegularFile(resolve(path)) };
}

function onlyFileHere(): string {
  let names: string[];
  try {
    names = readdirSync('.')
      .filter((one) => realNameOf(one) !== undefined)
      .sort();
  } catch (error) {
    throw systemFailure('list', process.cwd(), error);
  }
  const [only] = names;
  if (only === undefined)
    throw misuse('There is no smtpeter-….txt here.', 'Give the file as downloaded: --file <file>.');
  if (names.length > 1) {
    throw undecided('ERR_SEVERAL_FILES', 'There are several smtpeter-….txt here.', {
      hint: 'Say which one: --file <file>.',
      lines: names.map((one) => `  ${one}`),
      fields: { candidates: names.map((one) => resolve(one)) },
    });
  }
  return only;
}

function readCertificates(path: string): Buffer {
  const bytes = readRegularFile(resolve(path), 4 * 1024 * 1024);
  if (!bytes.includes('-----BEGIN CERTIFICATE-----'))
    throw misuse(`--ca takes a file of certificates in PEM form; ${path} has none.`);
  return bytes;
}
