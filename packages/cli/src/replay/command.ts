import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';

/** The options of `replay`. */
export function replayCommand() {
  return new Command('replay')
    .description('Sends captured calls again: as they were, or signed afresh with a test key.')
    .argument('<captured...>', 'raw HTTP messages, files of listen --capture, or HAR files; - for stdin')
    .requiredOption('--to <url>', 'where to connect; path, query, Host and headers stay those of the call')
    .option('--key <pem>', 'sign afresh with this private key, at this moment')
    .option('--key-id <name>', 'name of that key in DNS, for instance one._domainkey.copernica.com')
    .option('--id <id>', 'with --key: another X-Copernica-ID than the one that was captured')
    .option(
      '--as <callback url>',
      'with --key: the URL whose Host and path are signed and sent (default: those of the call)',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  smtpeter-webhooks replay calls/*.json --to http://127.0.0.1:3000
  smtpeter-webhooks replay call.http --to http://127.0.0.1:3000 --key key.pem --key-id one._domainkey.copernica.com
${exitCodesText}`,
    )
    .action(async (captured, options) => (await import('./replay.js')).replay(captured, options));
}
