import { Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { withPlaceOptions } from './place-options.js';

/** The options of `place`. */
export function placeCommand() {
  return withPlaceOptions(
    new Command('place')
      .description("Puts the vendor's verification file where the vendor will look for it.")
      .argument(
        '[file]',
        'the file as downloaded: smtpeter-….txt; without any argument, on a terminal, it is asked for',
      ),
  )
    .option('--name <name>', 'another name for the file, ending in .txt')
    .option('--dry-run', 'do everything but the writing')
    .option('--force', 'replace a file of other content')
    .option('--json', 'the outcome as one JSON document on stdout, and nothing else there')
    .addHelpText(
      'after',
      `\nExamples:\n  smtpeter-webhooks place ~/Downloads/smtpeter-x1y2z.txt --handler /var/www/html/hooks/smtpeter.php\n  smtpeter-webhooks place smtpeter-x1y2z.txt --webroot /var/www/html --url https://example.com/hooks/smtpeter.php\n${exitCodesText}`,
    )
    .action(async (file, options) => (await import('./place.js')).place(file, options));
}
