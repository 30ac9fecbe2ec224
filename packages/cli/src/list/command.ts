import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';

/** The options of `list`. */
export function listCommand() {
  return new Command('list')
    .description('Lists the verification files below a directory.')
    .argument('<dir>', 'the directory, a web root for instance; links below it are not followed')
    .option('--url <callback url>', 'a URL of the server that serves the directory at /: tells the URLs of the files')
    .option('--json', 'the files as one JSON document on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks list /var/www/html --url https://example.com/hooks/smtpeter.php\n${exitCodesText}`,
    )
    .action(async (directory, options) => (await import('./list.js')).list(directory, options));
}
