import { Command, Option } from '@commander-js/extra-typings';
import { positiveNumber, repeated, wholeNumber } from './option-values.js';

const exitText = `
Exit codes:
  0  done
  1  some calls were refused (send)
  2  called wrongly
  3  it could not be done: network, files, rights, a closed output`;

/** The commands and their options. What a command needs is loaded when it runs. */
export function createProgram(version: string): Command {
  const program = new Command('smtpeter-webhooks')
    .description('Receives, and for tests sends, the webhooks of SMTPeter and Copernica Marketing Suite.')
    .version(version)
    .addHelpText('after', exitText);

  program
    .command('listen')
    .description('Receives calls, verifies them, and prints each one.')
    .requiredOption(
      '--id <id>',
      'your X-Copernica-ID, environment-… or account-…; once for all urls, or once for each',
      repeated,
    )
    .requiredOption('--url <callback url>', 'the callback URL as typed into the dashboard; may be repeated', repeated)
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber('--port', 0, 65_535), 8787)
    .option('--address <ip>', 'address to listen on', '127.0.0.1')
    .option('--dns <ip[:port]>', "DNS server to ask for keys; may be repeated (default: the system's)", repeated)
    .option(
      '--tolerance <s>',
      'how old, and how far in the future, a call may be, in seconds',
      positiveNumber('--tolerance'),
      300,
    )
    .option('--max-body <bytes>', 'largest body', wholeNumber('--max-body', 1, 1024 ** 3), 5 * 1024 * 1024)
    .option(
      '--trust-proxy <hops|list>',
      'proxies that are believed about HTTPS: how many, or addresses, or loopback, linklocal, uniquelocal',
    )
    .addOption(
      new Option(
        '--signed-url <which>',
        'received: as it came; configured: the url, for a proxy that rewrites Host or path',
      )
        .choices(['received', 'configured'] as const)
        .default('received' as const),
    )
    .option('--json', 'one JSON document a line on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks listen --id environment-1234 --url https://example.com/hooks --trust-proxy loopback\n${exitText}`,
    )
    .action(async (options) => (await import('./listen/listen.js')).listen(options));

  program
    .command('send')
    .description('Signs calls as the vendor does, with a key of your own, and sends them.')
    .argument('<kind>', 'kind of event: open, click, delivery, failure, bounce, abuse, unsubscribe, profile.create, …')
    .requiredOption('--to <url>', 'where to connect')
    .option('--as <callback url>', 'the URL whose Host and path are signed and sent (default: that of --to)')
    .requiredOption('--id <id>', 'the X-Copernica-ID to send')
    .requiredOption('--key <pem>', 'file with the private key: PKCS#8 or PKCS#1, RSA or Ed25519, not encrypted')
    .requiredOption('--key-id <name>', 'name of the key in DNS, for instance one._domainkey.copernica.com')
    .option('--count <n>', 'how many calls, each of an event of its own', wholeNumber('--count', 1, 1_000_000_000), 1)
    .option('--rate <n/s>', 'calls a second (default: as fast as they are answered)', positiveNumber('--rate'))
    .option('--concurrency <n>', 'calls in flight at once', wholeNumber('--concurrency', 1, 10_000), 8)
    .addOption(
      new Option('--encoding <which>', 'json or form').choices(['json', 'form'] as const).default('json' as const),
    )
    .option('--set <field=value>', 'a field of the event, also fields[name]=value; may be repeated', repeated)
    .option('--fault <name>', 'make a mistake on purpose; an unknown name lists them all')
    .option('--json', 'the summary as one JSON document on stdout')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks send open --to http://127.0.0.1:8787/hooks --id environment-1234 --key key.pem --key-id one._domainkey.copernica.com\n${exitText}`,
    )
    .action(async (kind, options) => (await import('./send/send.js')).send(kind, options));

  return program as unknown as Command;
}
