import type { Command } from 'commander';

/** What `--help` says of a command, and where its options are described. */
export interface CommandEntry {
  readonly name: string;
  /** Its arguments as the list of commands shows them. */
  readonly usage: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** What a command is called by, and no more: those that are not called cost nothing. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'place',
    usage: '[options] [file]',
    description: "Puts the vendor's verification file where the vendor will look for it.",
    load: async () => (await import('./place/command.js')).placeCommand() as unknown as Command,
  },
  {
    name: 'check',
    usage: '[options] <callback url>',
    description: 'Looks for the verification file where the vendor will look, over the real network.',
    load: async () => (await import('./check/command.js')).checkCommand() as unknown as Command,
  },
  {
    name: 'remove',
    usage: '[options] <name|file>',
    description: 'Takes a verification file away again; after the verification it is of no use.',
    load: async () => (await import('./remove/command.js')).removeCommand() as unknown as Command,
  },
  {
    name: 'list',
    usage: '[options] <dir>',
    description: 'Lists the verification files below a directory.',
    load: async () => (await import('./list/command.js')).listCommand() as unknown as Command,
  },
  {
    name: 'init',
    usage: '[options] [example]',
    description: 'Writes an example that runs, with your URL and id filled in. Overwrites nothing.',
    load: async () => (await import('./init/command.js')).initCommand() as unknown as Command,
  },
  {
    name: 'listen',
    usage: '[options]',
    description: 'Receives calls, verifies them, and prints each one.',
    load: async () => (await import('./listen/command.js')).listenCommand() as unknown as Command,
  },
  {
    name: 'inbox',
    usage: '[options] <action> [ids...]',
    description: 'Looks into an inbox of listen or of your application, and mends it.',
    load: async () => (await import('./inbox/command.js')).inboxCommand() as unknown as Command,
  },
  {
    name: 'send',
    usage: '[options] [kind]',
    description: 'Signs calls as the vendor does, with a key of your own, and sends them.',
    load: async () => (await import('./send/command.js')).sendCommand() as unknown as Command,
  },
  {
    name: 'verify',
    usage: '[options] <captured>',
    description: 'Runs the whole checklist on a captured call, and says why it was refused.',
    load: async () => (await import('./verify/command.js')).verifyCommand() as unknown as Command,
  },
  {
    name: 'key',
    usage: '[options] <name>',
    description: 'Looks a key up in DNS, and says what is published and what is wrong with it.',
    load: async () => (await import('./key/command.js')).keyCommand() as unknown as Command,
  },
  {
    name: 'replay',
    usage: '[options] <captured...>',
    description: 'Sends captured calls again: as they were, or signed afresh with a test key.',
    load: async () => (await import('./replay/command.js')).replayCommand() as unknown as Command,
  },
  {
    name: 'keygen',
    usage: '[options] <file>',
    description:
      'Makes a test key: the private key as a file that only you can read, and the DNS record that publishes it.',
    load: async () => (await import('./keygen/command.js')).keygenCommand() as unknown as Command,
  },
  {
    name: 'dns',
    usage: '[options]',
    description: 'Runs a DNS server, for tests, that publishes test keys and nothing else.',
    load: async () => (await import('./dns/command.js')).dnsCommand() as unknown as Command,
  },
  {
    name: 'doctor',
    usage: '[options] [callback url]',
    description: 'Examines this machine and, given a callback URL, the endpoint from outside.',
    load: async () => (await import('./doctor/command.js')).doctorCommand() as unknown as Command,
  },
  {
    name: 'completion',
    usage: '<shell>',
    description: 'Prints a script that completes commands and options in your shell.',
    load: async () => (await import('./completion/command.js')).completionCommand() as unknown as Command,
  },
];
