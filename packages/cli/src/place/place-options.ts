import type { Command, OptionValues } from '@commander-js/extra-typings';

/** Adds the options that say where a verification file belongs. */
export function withPlaceOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option('--handler <script>', 'the script that handles the calls: where its URL is served from is found out')
    .option('--webroot <dir>', 'the directory that is served at /; with --url, or --root')
    .option('--directory <dir>', 'this very directory')
    .option('--url <callback url>', 'the callback URL as typed into the dashboard')
    .option('--root', 'the root of the web server, the other place where the vendor looks');
}
