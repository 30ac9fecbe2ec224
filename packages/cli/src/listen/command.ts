import { Command, Option } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { positiveNumber, repeated, wholeNumber } from '../option-values.js';

/** The options of `listen`. */
export function listenCommand() {
  return new Command('listen')
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
    .option('--kind <kind>', 'take events of this kind alone, and only answer others; may be repeated', repeated)
    .option('--forward-to <url>', 'pass each genuine call on, as it came; its path stays the one that was signed')
    .option('--forward <kind=url>', 'the same for one kind of event; may be repeated', repeated)
    .option('--inbox <address>', 'keep each call there before it is answered, sqlite:file or postgres://…')
    .option('--schema <name>', "PostgreSQL: the schema of the inbox's tables (default: webhook_inbox)")
    .addOption(
      new Option('--order-by <field>', 'with --inbox: handle events with the same value one after the other').choices([
        'recipient',
        'profileId',
        'id',
      ] as const),
    )
    .option(
      '--concurrency <n>',
      'with --inbox: so many events at a time (default: 10)',
      wholeNumber('--concurrency', 1, 1000),
    )
    .option(
      '--max-attempts <n>',
      'with --inbox: then park the event (default: 25)',
      wholeNumber('--max-attempts', 1, 1000),
    )
    .option(
      '--retry-ms <ms>',
      'with --inbox: wait so long before the second attempt, then longer each time (default: 1000)',
      wholeNumber('--retry-ms', 0, 86_400_000),
    )
    .option('--capture <dir>', 'keep every call there, a file each, for verify and replay')
    .option(
      '--capture-limit <n>',
      'keep so many, and as many refused ones besides',
      wholeNumber('--capture-limit', 1, 1_000_000),
      1000,
    )
    .option('--verification-files <dir>', "serve the vendor's verification files of this directory too")
    .option('--json', 'one JSON document a line on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks listen --id environment-1234 --url https://example.com/hooks --trust-proxy loopback
  smtpeter-webhooks listen --id environment-1234 --url https://example.com/hooks --forward-to http://127.0.0.1:3000 --capture calls\n${exitCodesText}`,
    )
    .action(async (options) => (await import('./listen.js')).listen(options));
}
