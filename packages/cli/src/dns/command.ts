import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { repeated, wholeNumber } from '../option-values.js';

/** The options of `dns`. */
export function dnsCommand() {
  return new Command('dns')
    .description('Runs a DNS server, for tests, that publishes test keys and nothing else.')
    .requiredOption('--key <pem>', 'file with a key, private or public; several pair up with the names', repeated)
    .requiredOption('--name <name>', 'the name of the key; may be repeated', repeated)
    .option('--port <n>', 'for UDP and TCP; 0 takes a free one', wholeNumber('--port', 0, 65_535), 5353)
    .option('--address <ip>', 'address to listen on', '127.0.0.1')
    .option('--json', 'one JSON document a line on stdout: ready, then each question')
    .addHelpText(
      'after',
      `
Example:
  smtpeter-webhooks dns --key key.pem --name one._domainkey.copernica.com --port 5353
  smtpeter-webhooks listen --id environment-1234 --url http://127.0.0.1:8787/hooks --dns 127.0.0.1:5353
${exitCodesText}`,
    )
    .action(async (options) => (await import('./dns.js')).serveKeys(options));
}
