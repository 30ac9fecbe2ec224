import { Command, Option } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { positiveNumber, repeated, wholeNumber } from '../option-values.js';

/** The options of `send`. */
export function sendCommand() {
  return new Command('send')
    .description('Signs calls as the vendor does, with a key of your own, and sends them.')
    .argument(
      '[kind]',
      'kind of event: open, click, delivery, failure, bounce, abuse, unsubscribe, profile.create, …; or --body, or --scenario',
    )
    .option('--to <url>', 'where to connect (required)')
    .option('--as <callback url>', 'the URL whose Host and path are signed and sent (default: that of --to)')
    .option('--id <id>', 'the X-Copernica-ID to send (required)')
    .option('--key <pem>', 'file with the private key: PKCS#8 or PKCS#1, RSA or Ed25519, not encrypted (required)')
    .option('--key-id <name>', 'name of the key in DNS, for instance one._domainkey.copernica.com (required)')
    .option('--count <n>', 'how many calls, each of an event of its own', wholeNumber('--count', 1, 1_000_000_000), 1)
    .option('--repeat <n>', 'send each call so often, byte for byte the same', wholeNumber('--repeat', 1, 1_000_000), 1)
    .option('--rate <n/s>', 'calls a second (default: as fast as they are answered)', positiveNumber('--rate'))
    .option('--concurrency <n>', 'calls in flight at once', wholeNumber('--concurrency', 1, 10_000), 8)
    .addOption(
      new Option('--encoding <which>', 'json or form').choices(['json', 'form'] as const).default('json' as const),
    )
    .option('--set <field=value>', 'a field of the event, also fields[name]=value; may be repeated', repeated)
    .option('--body <file>', 'these bytes as the body, whatever they are, instead of an event; - for stdin')
    .option('--header <name: value>', 'one more header line; Content-Type is signed; may be repeated', repeated)
    .option('--scenario <file>', 'a list of events with delays, as JSON; - for stdin')
    .option('--fault <name>', 'make a mistake on purpose; "list" shows them all')
    .option('--json', 'the summary as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  smtpeter-webhooks send open --to http://127.0.0.1:8787/hooks --id environment-1234 --key key.pem --key-id one._domainkey.copernica.com
  smtpeter-webhooks send --fault list

A scenario is a list such as
  [{ "kind": "delivery", "count": 100 }, { "kind": "open", "delayMs": 500, "set": { "tags[0]": "news" } }]
with kind, count, delayMs (before it begins), everyMs (between its calls), set, encoding and fault.
${exitCodesText}`,
    )
    .action(async (kind, options) => (await import('./send.js')).send(kind, options));
}
