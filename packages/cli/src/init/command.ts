import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';

/** The options of `init`. */
export function initCommand() {
  return new Command('init')
    .description('Writes an example that runs, with your URL and id filled in. Overwrites nothing.')
    .argument('[example]', 'express, node, fastify, hono, next, fetch, …; without one they are listed')
    .option('--dir <dir>', 'where to (default: a new directory named after the example)')
    .option('--url <callback url>', 'the callback URL as typed into the dashboard')
    .option('--id <id>', 'your X-Copernica-ID, environment-… or account-…')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks init express --url https://example.com/hooks/smtpeter --id environment-1234\n${exitCodesText}`,
    )
    .action(async (example, options) => (await import('./init.js')).init(example, options));
}
