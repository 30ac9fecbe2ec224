import { Command } from 'commander';
import { checkCommand } from './check/command.js';
import { completionCommand } from './completion/command.js';
import { dnsCommand } from './dns/command.js';
import { doctorCommand } from './doctor/command.js';
import { exitCodesText } from './failure.js';
import { inboxCommand } from './inbox/command.js';
import { initCommand } from './init/command.js';
import { keyCommand } from './key/command.js';
import { keygenCommand } from './keygen/command.js';
import { listCommand } from './list/command.js';
import { listenCommand } from './listen/command.js';
import { placeCommand } from './place/command.js';
import { removeCommand } from './remove/command.js';
import { replayCommand } from './replay/command.js';
import { sendCommand } from './send/command.js';
import { verifyCommand } from './verify/command.js';

/** The commands. Each describes its options in a room of its own; what it needs is loaded when it runs. */
const commands = [
  placeCommand,
  checkCommand,
  removeCommand,
  listCommand,
  initCommand,
  listenCommand,
  inboxCommand,
  sendCommand,
  verifyCommand,
  keyCommand,
  replayCommand,
  keygenCommand,
  dnsCommand,
  doctorCommand,
  completionCommand,
];

/** The whole command line. */
export function createProgram(version: string): Command {
  const program = new Command('smtpeter-webhooks')
    .description(
      'Places verification files, and receives, explains and for tests sends the webhooks of SMTPeter and Copernica.',
    )
    .version(version)
    .addHelpText('after', exitCodesText);
  for (const command of commands) program.addCommand(command() as unknown as Command);
  return program;
}
