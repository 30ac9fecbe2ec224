import { join, relative, resolve, sep } from 'node:path';
import { question } from './layout.js';
import type { Project } from './project.js';
import { readSetting } from './script-text.js';

/**
 * The directory whose files are served as they are.
 *
 * @param setting - the way to it in the configuration file.
 * @throws Failure: a question, when it is configured by something that only running it would tell.
 */
export function publicDirectory(
  project: Project,
  configurations: readonly string[],
  setting: readonly string[],
  usual: string,
): string {
  const configuration = project.first(configurations);
  const value = configuration === undefined ? { found: false as const } : readSetting(configuration.text, setting);
  const directory = project.path(usual);
  if (!value.found) return directory;
  if (value.text !== undefined) {
    const named = resolve(project.root, value.text);
    const inside = relative(project.root, named);
    if (inside !== '..' && !inside.startsWith(`..${sep}`)) return named;
  }
  throw question(
    'ERR_UNSURE_DIRECTORY',
    `${join(project.root, configuration?.name ?? '')} sets ${setting.join('.')} to something that cannot be read without running it.`,
    'Say where the files are served from: --webroot <that directory> --url <callback url>.',
    [{ directory, why: 'the usual one' }],
  );
}
