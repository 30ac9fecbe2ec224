import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { repeated } from '../option-values.js';

/** The options of `check`. */
export function checkCommand() {
  return new Command('check')
    .description('Looks for the verification file where the vendor will look, over the real network.')
    .argument('<callback url>', 'the callback URL as typed into the dashboard')
    .option('--file <file>', 'the file as downloaded, to compare with (default: the one smtpeter-….txt here)')
    .option('--name <name>', 'the name to look for; without --file its contents are not compared')
    .option('--resolve <host:port:ip>', 'connect to this address instead, as curl does; may be repeated', repeated)
    .option('--ca <pem>', 'file with the certificate of a private authority to trust')
    .option('--json', 'the findings as one JSON document on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks check https://example.com/hooks/smtpeter.php --file smtpeter-x1y2z.txt\n${exitCodesText}`,
    )
    .action(async (url, options) => (await import('./check.js')).check(url, options));
}
