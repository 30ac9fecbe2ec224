import { Command } from 'commander';
import { commands } from './commands.js';
import { exitCodesText } from './failure.js';

/**
 * The command line.
 *
 * @param words - what the user typed: a command that is called is made alone, which halves the time that this takes;
 *   default: all of them.
 */
export function createProgram(version: string, words: readonly string[] = []): Command {
  const called = calledCommand(words);
  const program = new Command('smtpeter-webhooks')
    .description(
      'Places verification files, and receives, explains and for tests sends the webhooks of SMTPeter and Copernica.',
    )
    .version(version)
    .addHelpText('after', exitCodesText);
  // Completion looks at the others, too; a word that is no command is compared with all.
  const isAlone = called !== undefined && called !== 'completion';
  for (const [name, create] of Object.entries(commands)) {
    if (!isAlone || name === called) program.addCommand(create() as unknown as Command);
  }
  return program;
}

/** The command that the words call, if there is such a one. */
export function calledCommand(words: readonly string[]): string | undefined {
  // The program's own options take no values: the first word that is none is the command.
  const called = words.find((word) => !word.startsWith('-'));
  return called !== undefined && Object.hasOwn(commands, called) ? called : undefined;
}
