import { Command } from 'commander';
import { type CommandEntry, commands } from './commands.js';
import { exitCodesText } from './failure.js';

/** These look at the other commands, too. */
const lookAtAll = ['help', 'completion'];

/**
 * The command line. What a command needs is loaded when it runs, and of the commands that are not called only what the
 * list in `--help` says of them.
 *
 * @param words - what the user typed; default: every command is wanted whole.
 */
export async function createProgram(version: string, words?: readonly string[]): Promise<Command> {
  // The program's own options take no values: the first word that is none is the command.
  const called = words?.find((word) => !word.startsWith('-'));
  const isWhole = words === undefined || (called !== undefined && lookAtAll.includes(called));
  const usages = new Map(commands.map(({ name, usage }) => [name, `${name} ${usage}`]));
  const program = new Command('smtpeter-webhooks')
    .description(
      'Places verification files, and receives, explains and for tests sends the webhooks of SMTPeter and Copernica.',
    )
    .version(version)
    .configureHelp({ subcommandTerm: (command) => usages.get(command.name()) ?? `${command.name()} [command]` })
    .addHelpText('after', exitCodesText);
  for (const entry of commands) {
    const command = isWhole || entry.name === called ? await entry.load() : named(entry);
    program.addCommand(command);
  }
  return program;
}

function named({ name, description }: CommandEntry): Command {
  return new Command(name).description(description);
}
