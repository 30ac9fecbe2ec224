import { Command, Option } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { positiveNumber, repeated } from '../option-values.js';

/** The options of `verify`. */
export function verifyCommand() {
  return new Command('verify')
    .description('Runs the whole checklist on a captured call, and says why it was refused.')
    .argument(
      '<captured...>',
      'raw HTTP message, file of listen --capture, or HAR file; - for stdin. Of several it is also said what they tell of the clock',
    )
    .requiredOption('--id <id>', 'your X-Copernica-ID; once for all urls, or once for each', repeated)
    .requiredOption('--url <callback url>', 'the callback URL as typed into the dashboard; may be repeated', repeated)
    .addOption(
      new Option('--dns <ip[:port]>', "DNS server to ask for keys; may be repeated (default: the system's)")
        .argParser(repeated)
        .conflicts('key'),
    )
    .option('--key <file>', 'verify with this key instead: public or private key in PEM, or DKIM record')
    .option('--test-key <file>', 'a test key of yours: tells whether it made the signature')
    .addOption(
      new Option(
        '--at <date>',
        'judge its age at this moment, ISO 8601 (default: when it was captured, if known)',
      ).conflicts('ignoreAge'),
    )
    .option('--ignore-age', 'do not look at its age')
    .option('--tolerance <s>', 'how old, and how far in the future, it may be', positiveNumber('--tolerance'), 300)
    .addOption(
      new Option('--signed-url <which>', 'as for listen')
        .choices(['received', 'configured'] as const)
        .default('received' as const),
    )
    .option('--share', 'mask every value that could be personal or secret, for a support ticket')
    .option('--json', 'the report as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Example:
  smtpeter-webhooks verify captured.http --id environment-1234 --url https://example.com/hooks --ignore-age
${exitCodesText}
     Here: 0 genuine, 1 not, 3 the key cannot be had.`,
    )
    .action(async (captured, options) => (await import('./verify.js')).verify(captured, options));
}
