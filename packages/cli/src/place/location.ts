import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type CallbackUrl, readCallbackUrl, rootUrl, siblingUrl } from '../callback-url.js';
import { misuse } from '../failure.js';
import { kindOf } from '../files/regular-file.js';
import { systemFailure } from '../files/system-failure.js';
import type { Beside, Match } from './layouts/layout.js';
import { question } from './layouts/layout.js';
import { matchesRoute, routeText } from './route.js';

/** The options that say where, of `place`, `remove` and others. */
export interface PlaceOptions {
  readonly handler?: string;
  readonly webroot?: string;
  readonly directory?: string;
  readonly url?: string;
  readonly root?: true;
}

/** Where a file belongs. */
export interface Location {
  /** Absolute; must be there. May be reached through links. */
  readonly base: string;
  /** From there on; made where missing. */
  readonly below: readonly string[];
  /** The URL of a file there; null when it is not known. */
  readonly urlOf: (name: string) => string | null;
  readonly rule: { readonly id: string; readonly why: string };
  readonly warnings: readonly string[];
  /** Files there are fixed when the site is built. */
  readonly rebuild: boolean;
}

/** Finds where a file belongs. Looks only at the handler's project. @throws Failure */
export async function locate(options: PlaceOptions): Promise<Location> {
  const given = (['handler', 'webroot', 'directory'] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    const words = given.length === 0 ? 'Say where' : 'Say where once';
    throw misuse(`${words}: --handler <script>, or --webroot <dir> with --url, or --directory <dir>.`);
  }
  for (const name of given) if (options[name] === '') throw misuse(`--${name} is empty.`);
  const callback = options.url === undefined ? undefined : readCallbackUrl('--url', options.url);
  if (options.directory !== undefined) return inDirectory(resolve(options.directory), callback, options);
  if (options.webroot !== undefined) return inWebroot(resolve(options.webroot), callback, options);
  return await byHandler(options.handler ?? '', callback, options);
}

function inDirectory(base: string, callback: CallbackUrl | undefined, { root }: PlaceOptions): Location {
  if (root)
    throw misuse('--root needs a web root that is known, and --directory is not one.', 'Give --webroot <dir> --root.');
  const why = 'it was named';
  return location({ base, urlOf: sibling(callback), rule: { id: 'directory', why } });
}

function inWebroot(base: string, callback: CallbackUrl | undefined, { root }: PlaceOptions): Location {
  if (root) {
    return location({
      base,
      urlOf: atRoot(callback),
      rule: { id: 'root', why: 'the web root was named, and is one of the two places' },
    });
  }
  if (callback === undefined) {
    throw misuse(
      '--webroot needs the --url, which tells the directory below it.',
      'Or give --root for the web root itself.',
    );
  }
  const why = 'the path of the URL is looked up below the web root';
  return location({ base, below: callback.directory, urlOf: sibling(callback), rule: { id: 'webroot', why } });
}

async function byHandler(
  handler: string,
  callback: CallbackUrl | undefined,
  { root }: PlaceOptions,
): Promise<Location> {
  const path = realHandler(handler);
  const { layoutOf } = await import('./layouts/layouts.js');
  const { id, match } = layoutOf(path);
  const { why } = match;
  if (match.kind === 'root' || (match.kind === 'routed' && root)) {
    const rebuild = match.kind === 'routed' && match.rebuild;
    return location({ base: match.served, urlOf: atRoot(callback), rule: { id, why }, rebuild });
  }
  if (match.kind === 'routed') return routed(id, match, path, callback);
  return beside(id, match, path, callback, root);
}

/** The handler itself may be a link: it is asked for where the link is. */
function realHandler(handler: string): string {
  const path = resolve(handler);
  try {
    const real = join(realpathSync(dirname(path)), basename(path));
    const kind = kindOf(statSync(real));
    if (kind !== undefined) throw misuse(`--handler takes the script that handles the calls; ${path} is ${kind}.`);
    return real;
  } catch (error) {
    if (error instanceof Error && error.name === 'Failure') throw error;
    throw systemFailure('find the handler', path, error);
  }
}

function routed(
  id: string,
  match: Extract<Match, { kind: 'routed' }>,
  path: string,
  callback: CallbackUrl | undefined,
): Location {
  const { served, route, rebuild, why } = match;
  const place = (below: readonly string[]) =>
    location({ base: served, below, urlOf: sibling(callback), rule: { id, why }, rebuild });
  if (callback === undefined) {
    if (route === undefined || !route.every((part) => typeof part === 'string')) {
      throw question(
        'ERR_URL_NEEDED',
        `The URL of ${path} cannot be told from its place${route === undefined ? '' : `: ${routeText(route)} fits many`}.`,
        'Give it: --url <callback url>, or --root for the root of the site.',
        [{ directory: served, why: 'the root of the site (--root)' }],
      );
    }
    return place(route.slice(0, -1) as string[]);
  }
  const asked = [...callback.directory, ...(callback.script === '' ? [] : [callback.script])];
  if (route !== undefined && !matchesRoute(route, asked)) {
    const fixed = route.every((part) => typeof part === 'string')
      ? [join(served, ...(route.slice(0, -1) as string[]))]
      : [];
    throw question(
      'ERR_URL_CONTRADICTS',
      `--url asks for /${asked.join('/')}, while ${path} answers ${routeText(route)}. A base path, or a proxy, may be the reason.`,
      'Say where files for that URL are served from: --directory <directory> --url <callback url>.',
      [
        ...fixed.map((directory) => ({ directory, why: 'by the route' })),
        { directory: join(served, ...callback.directory), why: 'by the URL' },
      ],
    );
  }
  return place(callback.directory);
}

function beside(
  id: string,
  match: Beside,
  path: string,
  callback: CallbackUrl | undefined,
  root: true | undefined,
): Location {
  const { directory, why, warnings } = match;
  const rule = { id, why };
  if (id === 'middleware') {
    // It serves its directory at both places.
    const known = callback ?? (match.url === undefined ? undefined : readCallbackUrl('url', match.url));
    return location({ base: directory, urlOf: root ? atRoot(known) : sibling(known), rule, warnings });
  }
  const served = callback === undefined ? undefined : webrootAbove(directory, callback);
  if (root) {
    if (served === undefined || warnings.length > 0) {
      throw misuse('--root needs a web root that is known.', 'Give --webroot <dir> --root in place of --handler.');
    }
    return location({
      base: served,
      urlOf: atRoot(callback),
      rule: { id: 'root', why: 'the URL and the place of the script tell the web root' },
    });
  }
  if (callback !== undefined) checkScript(path, callback, directory);
  const moved = callback !== undefined && served === undefined;
  return location({
    base: directory,
    urlOf: sibling(callback),
    rule,
    warnings: moved
      ? [
          ...warnings,
          `The directories of ${path} are not those of the URL: that is right only if the server maps one to the other.`,
        ]
      : warnings,
  });
}

/** The web root, when the URL's directories are those that the script is in. */
function webrootAbove(directory: string, { directory: names }: CallbackUrl): string | undefined {
  let at = directory;
  for (const name of [...names].reverse()) {
    if (basename(at) !== name) return undefined;
    at = dirname(at);
  }
  return at;
}

/** A URL that another script answers, or a rewriting server, is looked up elsewhere. */
function checkScript(path: string, callback: CallbackUrl, directory: string): void {
  const stem = (name: string) => name.replace(/\.[^.]*$/, '');
  const file = basename(path);
  const isIndex = /^(index|default)\./i.test(file);
  if (callback.script === '' ? isIndex : stem(callback.script) === stem(file)) return;
  throw question(
    'ERR_URL_CONTRADICTS',
    `--url asks for ${callback.script === '' ? 'a directory' : callback.script}, and not for ${file}: the server rewrites it, and it is not known where files beside it come from.`,
    'Say where files for that URL are served from: --webroot <directory> --url <callback url>, or --directory <directory>.',
    [{ directory, why: 'where the script is' }],
  );
}

const sibling = (callback: CallbackUrl | undefined) => (name: string) => (callback ? siblingUrl(callback, name) : null);
const atRoot = (callback: CallbackUrl | undefined) => (name: string) => (callback ? rootUrl(callback, name) : null);

function location(parts: Pick<Location, 'base' | 'urlOf' | 'rule'> & Partial<Location>): Location {
  return { below: [], warnings: [], rebuild: false, ...parts };
}
