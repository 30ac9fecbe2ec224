import { dirname } from 'node:path';
import { type Layout, question } from './layout.js';
import type { Project } from './project.js';

/** What web servers run, or serve, by its own name. */
const extensions = new Set(
  '.php .php3 .php4 .php5 .php7 .php8 .phtml .cgi .fcgi .pl .asp .aspx .ashx .cfm .jsp .html .htm .shtml'.split(' '),
);

/** A script that has a URL of its own: PHP, CGI, a static tree. */
export const classicScript: Layout = {
  id: 'classic-script',
  match(project) {
    const directory = dirname(project.handler);
    const inCgiBin = isCgiBin(project);
    if (!extensions.has(project.extension) && !inCgiBin) {
      throw question(
        'ERR_NOT_SERVED',
        `${project.handler} is not a kind of file that web servers run by its own URL: it is not known what serves its directory.`,
        'Say where it is answered: --webroot <directory> --url <callback url>, or --directory <directory>.',
      );
    }
    return {
      kind: 'beside',
      directory,
      why: 'a script is asked for by its own name, so that its directory is what is served beside it',
      warnings: inCgiBin
        ? [
            `${directory} is a cgi-bin: the server runs everything there, and may not serve the file. Consider --webroot <directory> --root.`,
          ]
        : [],
    };
  },
};

/** True when the handler is in a directory of which everything is run. */
export function isCgiBin(project: Project): boolean {
  return /[/\\]cgi(?:-bin|-sys)?[/\\]/i.test(project.handler);
}
