import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { exitCodes, Failure } from './failure.js';
import { createProgram } from './program.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const json = process.argv.includes('--json');

// Whoever read our output may be gone; the commands that must care look at their own writes.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  const program = createProgram(manifest.version);
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.showHelpAfterError(false);
    command.configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells what went wrong, for people on stderr or for programs on stdout, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const failure = toFailure(error);
  if (json) {
    const { code, message, hint } = failure;
    process.stdout.write(`${JSON.stringify({ ok: false, code, message, ...(hint !== undefined && { hint }) })}\n`);
  } else {
    process.stderr.write(`error: ${failure.message}\n${failure.hint === undefined ? '' : `${failure.hint}\n`}`);
  }
  return failure.exitCode;
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) {
    // No command at all: commander would print the help as an error.
    if (error.code === 'commander.help')
      return new Failure(2, 'ERR_USAGE', 'Give a command.', 'See smtpeter-webhooks --help.');
    const [message = '', hint = 'See smtpeter-webhooks --help.'] = error.message.replace(/^error: /, '').split('\n');
    return new Failure(2, 'ERR_USAGE', message, hint.replace(/^\(|\)$/g, ''));
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(3, 'ERR_INTERNAL', `Something broke: ${message}`, 'Please report it.');
}
