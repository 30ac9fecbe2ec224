import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { exitCodes, Failure, failureDocument } from './failure.js';
import { calledCommand, createProgram } from './program.js';
import { terminalJson, visibleText } from './terminal-text.js';

/**
 * Runs the command that the words call for, and sets the exit code. It is not run by the import of this file: what a
 * command loads imports from here, and would wait for itself.
 */
export async function main(words: readonly string[]): Promise<void> {
  // Whoever read our output may be gone: what could not be told is not done. The commands that must care also look at
  // their own writes.
  process.stdout.on('error', () => {
    process.exitCode ||= exitCodes.impossible;
  });
  process.stderr.on('error', () => {});
  try {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const program = createProgram((JSON.parse(manifest) as { version: string }).version, words);
    for (const command of [program, ...program.commands]) {
      command.exitOverride();
      command.showHelpAfterError(false);
      command.configureOutput({ writeErr: () => {} });
    }
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, words);
  }
}

/** Before the options are parsed, since failures to parse them are told in JSON too. After `--` all are arguments. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end === -1 ? words : words.slice(0, end)).includes('--json');
}

/** Tells what went wrong, for people on stderr or for programs on stdout, and gives the exit code. */
function report(error: unknown, words: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const called = calledCommand(words);
  const failure = toFailure(error, `See smtpeter-webhooks ${called === undefined ? '' : `${called} `}--help.`);
  if (asksForJson(words)) {
    process.stdout.write(`${terminalJson(failureDocument(failure))}\n`);
  } else {
    const { message, lines, hint } = failure;
    const all = [...`error: ${message}`.split('\n'), ...lines, ...(hint === undefined ? [] : [hint])];
    // Names of files and values of options are shown in messages, and may hold anything.
    process.stderr.write(`${all.map(visibleText).join('\n')}\n`);
  }
  return failure.exitCode;
}

function toFailure(error: unknown, seeHelp: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) {
    // No command at all: commander would print the help as an error.
    if (error.code === 'commander.help') return new Failure(2, 'ERR_USAGE', 'Give a command.', seeHelp);
    const [message = '', hint = seeHelp] = error.message.replace(/^error: /, '').split('\n');
    return new Failure(2, 'ERR_USAGE', message, hint.replace(/^\(|\)$/g, ''));
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(3, 'ERR_INTERNAL', `Something broke: ${message}`, 'Please report it.');
}
