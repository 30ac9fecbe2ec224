import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { repeated, wholeNumber } from '../option-values.js';

/** The options of `doctor`. */
export function doctorCommand() {
  return new Command('doctor')
    .description('Examines this machine and, given a callback URL, the endpoint from outside.')
    .argument('[callback url]', 'the endpoint, ours or not; it gets some unsigned calls, one of 5 MiB')
    .option('--dns <ip[:port]>', "DNS server to examine; may be repeated (default: the system's)", repeated)
    .option('--clock <url>', 'server whose Date this clock is compared with', 'https://www.copernica.com/')
    .option('--resolve <host:port:ip>', 'connect there for that host and port; may be repeated', repeated)
    .option('--ca <pem>', 'file with certificates of a private authority')
    .option('--http-port <n>', 'where plain HTTP is looked for', wholeNumber('--http-port', 1, 65_535), 80)
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks doctor https://example.com/hooks/smtpeter\n${exitCodesText}
     Here: 1 something must be mended, 3 the endpoint cannot be reached.`,
    )
    .action(async (url, options) => (await import('./doctor.js')).doctor(url, options));
}
