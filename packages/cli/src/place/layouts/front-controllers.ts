import { type Layout, question } from './layout.js';
import type { Project } from './project.js';

/** Laravel: https://laravel.com/docs/deployment#nginx */
export const laravel: Layout = {
  id: 'laravel',
  match(project) {
    if (project.extension !== '.php' || !project.hasFile('artisan') || isServedScript(project, 'public'))
      return undefined;
    return {
      kind: 'root',
      served: project.path('public'),
      why: 'Laravel answers through public/index.php: files of public/ are at the root of the site, and a directory there could stand in the way of a route',
    };
  },
};

/** Symfony: https://symfony.com/doc/current/setup/web_server_configuration.html; `web/` before version 4. */
export const symfony: Layout = {
  id: 'symfony',
  match(project) {
    if (project.extension !== '.php' || !isSymfony(project)) return undefined;
    const configured = (project.composer?.['extra'] as Record<string, unknown> | undefined)?.['public-dir'];
    const old = !project.hasDirectory('public') && project.hasDirectory('web');
    const folder = typeof configured === 'string' ? withoutEndSlashes(configured) : old ? 'web' : 'public';
    if (isServedScript(project, folder)) return undefined;
    return {
      kind: 'root',
      served: project.path(folder),
      why: `Symfony answers through ${folder}/index.php: files of ${folder}/ are at the root of the site, and a directory there could stand in the way of a route`,
    };
  },
};

function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function isSymfony(project: Project): boolean {
  if (project.hasFile('symfony.lock')) return true;
  const needs = project.composer?.['require'] as Record<string, unknown> | undefined;
  return needs !== undefined && ('symfony/framework-bundle' in needs || 'symfony/symfony' in needs);
}

/** Ruby on Rails: https://guides.rubyonrails.org/configuring.html#config-public-file-server-enabled */
export const rails: Layout = {
  id: 'rails',
  match(project) {
    const isRails =
      project.hasFile('config/application.rb') && (project.hasFile('bin/rails') || project.hasFile('Gemfile'));
    if (project.extension !== '.rb' || !isRails) return undefined;
    const statements = (project.read('config/application.rb') ?? '').split('\n').map((line) => line.split('#', 1)[0]);
    if (statements.some((one) => /config\.paths\[["']public["']\]\s*=/.test(one ?? ''))) {
      throw question(
        'ERR_UNSURE_DIRECTORY',
        'config/application.rb sets another public directory.',
        'Give it: --webroot <that directory> --root.',
        [{ directory: project.path('public'), why: 'the usual one' }],
      );
    }
    return {
      kind: 'root',
      served: project.path('public'),
      why: 'Rails serves public/ at the root of the site, and a directory there could stand in the way of a route',
    };
  },
};

/** Where projects without composer.json keep what is not served. */
const sourceFolders = new Set(['src', 'app', 'lib', 'application', 'controllers', 'classes', 'includes']);

/** A PHP project of another kind, whose sources are not what is served. */
export const unknownFrontController: Layout = {
  id: 'front-controller',
  match(project) {
    if (project.extension !== '.php') return undefined;
    const folder = ['public', 'web', 'htdocs', 'public_html', 'www', 'html', 'webroot'].find((name) =>
      project.hasFile(`${name}/index.php`),
    );
    const hasProject = project.hasFile('composer.json');
    const isSource = hasProject || sourceFolders.has(project.directories[0] ?? '');
    if (folder !== undefined && isSource && !isServedScript(project, folder)) {
      throw question(
        'ERR_NOT_SERVED',
        `${project.handler} is not served itself: calls come in through ${folder}/index.php, it seems, and how is not known.`,
        'Say where it is answered: --webroot <directory> --url <callback url>, or --webroot <directory> --root.',
        [{ directory: project.path(folder), why: 'what seems to be the web root' }],
      );
    }
    if (hasProject && folder === undefined && isClass(project.source)) {
      throw question(
        'ERR_NOT_SERVED',
        `${project.handler} declares a class: no web server runs it by its own URL.`,
        'Say where it is answered: --webroot <directory> --url <callback url>.',
      );
    }
    return undefined;
  },
};

/** A script that is asked for by its own name, in the directory that is served. */
function isServedScript(project: Project, folder: string): boolean {
  const inside = folder.split('/').every((name, i) => project.directories[i] === name);
  const isFront = project.file === 'index.php' && project.directories.length === folder.split('/').length;
  return inside && !isFront;
}

function isClass(source: string): boolean {
  return (
    /^[ \t]*namespace[ \t]+[\w\\]+\s*[;{]/m.test(source) &&
    /^[ \t]*(?:(?:final|abstract|readonly)[ \t]+)*class[ \t]+\w/m.test(source)
  );
}
