import { Command, Option } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';
import { wholeNumber } from '../option-values.js';

/** The options of `keygen`. */
export function keygenCommand() {
  return new Command('keygen')
    .description(
      'Makes a test key: the private key as a file that only you can read, and the DNS record that publishes it.',
    )
    .argument('<file>', 'where the private key goes (PKCS#8, PEM); it must not be there yet')
    .addOption(
      new Option('--type <type>', 'rsa or ed25519').choices(['rsa', 'ed25519'] as const).default('rsa' as const),
    )
    .option('--bits <n>', 'size of an RSA key', wholeNumber('--bits', 1024, 8192), 2048)
    .option('--name <name>', 'its name in DNS', 'test._domainkey.copernica.com')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nExample:\n  smtpeter-webhooks keygen key.pem\n${exitCodesText}`)
    .action(async (file, options) => (await import('./keygen.js')).keygen(file, options));
}
