import { Argument, Command, Option } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { wholeNumber } from '../option-values.js';

const actions = ['list', 'show', 'retry', 'park', 'export', 'import', 'prune', 'stats', 'watch'] as const;

/** What can be done with an inbox. */
export type InboxAction = (typeof actions)[number];

/** The options of `inbox`. */
export function inboxCommand() {
  return new Command('inbox')
    .description('Looks into an inbox of listen or of your application, and mends it.')
    .addArgument(
      new Argument(
        '<action>',
        'list, show, retry, park or prune events; export or import them as NDJSON; stats; watch the figures',
      ).choices(actions),
    )
    .argument('[ids...]', 'ids of events')
    .requiredOption('--inbox <address>', 'sqlite:file or postgres://…')
    .option('--schema <name>', "PostgreSQL: the schema of the inbox's tables (default: webhook_inbox)")
    .option('--kind <kind>', 'events of this kind alone')
    .option('--recipient <address>', 'events about this recipient alone; prune then takes every state')
    .addOption(
      new Option('--state <state>', 'events in this state alone').choices([
        'waiting',
        'running',
        'handled',
        'dead',
      ] as const),
    )
    .option('--older-than <age>', 'received longer ago, for instance 30m, 12h or 7d')
    .option('--error <text>', 'with this text in their last error')
    .option('--limit <n>', 'list: at most so many', wholeNumber('--limit', 1, 1_000_000_000), 100)
    .option('--every <ms>', 'watch: milliseconds between figures', wholeNumber('--every', 100, 3_600_000), 1000)
    .option('--json', 'JSON on stdout: one document, or one a line for list and watch')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks inbox list --inbox sqlite:webhooks.db --state dead
  smtpeter-webhooks inbox retry --inbox sqlite:webhooks.db --kind bounce --error timeout\n${exitCodesText}`,
    )
    .action(async (action, ids, options) => (await import('./inbox.js')).inbox(action, ids, options));
}
