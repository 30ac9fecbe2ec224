import { checkCommand } from './check/command.js';
import { completionCommand } from './completion/command.js';
import { dnsCommand } from './dns/command.js';
import { doctorCommand } from './doctor/command.js';
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

/** The commands in the order of `--help`, by name: what options they have. What a command does is loaded when it runs. */
export const commands = {
  place: placeCommand,
  check: checkCommand,
  remove: removeCommand,
  list: listCommand,
  init: initCommand,
  listen: listenCommand,
  inbox: inboxCommand,
  send: sendCommand,
  verify: verifyCommand,
  key: keyCommand,
  replay: replayCommand,
  keygen: keygenCommand,
  dns: dnsCommand,
  doctor: doctorCommand,
  completion: completionCommand,
};
