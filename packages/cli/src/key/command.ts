import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { positiveNumber, repeated } from '../option-values.js';

/** The options of `key`. */
export function keyCommand() {
  return new Command('key')
    .description('Looks a key up in DNS, and says what is published and what is wrong with it.')
    .argument('<name>', 'the name of the key, the keyId of a signature')
    .option('--dns <ip[:port]>', "DNS server to ask; may be repeated (default: the system's)", repeated)
    .option('--watch', 'keep asking, and print a line whenever it changes')
    .option('--every <s>', 'with --watch: seconds between questions', positiveNumber('--every'), 60)
    .option('--json', 'one JSON document on stdout; with --watch one a line')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks key one._domainkey.copernica.com\n${exitCodesText}
     Here: 0 a usable key, 1 none, 3 DNS gave no answer.`,
    )
    .action(async (name, options) => (await import('./key.js')).showKey(name, options));
}
