import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { withPlaceOptions } from '../place/place-options.js';

/** The options of `remove`. */
export function removeCommand() {
  return withPlaceOptions(
    new Command('remove')
      .description('Takes a verification file away again; after the verification it is of no use.')
      .argument('<name|file>', 'its name, or the file as downloaded: then it goes only if the contents are the same'),
  )
    .option('--dry-run', 'do everything but the removing')
    .option('--json', 'the outcome as one JSON document on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExample:\n  smtpeter-webhooks remove smtpeter-x1y2z.txt --webroot /var/www/html --url https://example.com/hooks/smtpeter.php\n${exitCodesText}`,
    )
    .action(async (file, options) => (await import('./remove.js')).remove(file, options));
}
