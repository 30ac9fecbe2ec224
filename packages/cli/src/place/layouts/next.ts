import { type Layout, question, type RoutePart } from './layout.js';
import type { Project } from './project.js';
import { readSetting } from './script-text.js';

const configurations = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs'];

function isNext(project: Project): boolean {
  return project.isScript && (project.first(configurations) !== undefined || project.dependency('next') !== undefined);
}

/** The directories below `app` or `src/app`, or undefined when the handler is elsewhere. */
function below(project: Project, folder: string): string[] | undefined {
  const [first, second, ...rest] = project.directories;
  if (first === folder) return second === undefined ? [] : [second, ...rest];
  return first === 'src' && second === folder ? rest : undefined;
}

/** Next.js, app router: https://nextjs.org/docs/app/api-reference/file-conventions/route */
export const nextAppRouter: Layout = {
  id: 'next-app-router',
  match(project) {
    const directories = below(project, 'app');
    if (!isNext(project) || directories === undefined || project.stem !== 'route') return undefined;
    if (directories.some((one) => one.startsWith('_'))) {
      throw question(
        'ERR_NOT_SERVED',
        `${project.handler} is in a private folder, which Next.js gives no URL.`,
        'Name the route.ts that answers the calls.',
      );
    }
    // Groups and slots are not part of the URL; an escaped underscore begins a name.
    const named = directories.filter((one) => !/^(\(.*\)|@.*)$/.test(one)).map((one) => one.replace(/^%5F/i, '_'));
    return {
      kind: 'routed',
      served: project.path('public'),
      // A marker of an intercepted route says nothing about the URL that is asked for.
      route: named.some((one) => one.startsWith('(')) ? undefined : named.map(bracketed),
      rebuild: true,
      why: 'Next.js (app router) serves public/ at the root of the site, along the path of the route',
    };
  },
};

/** Next.js, pages router: https://nextjs.org/docs/pages/building-your-application/routing/api-routes */
export const nextPagesRouter: Layout = {
  id: 'next-pages-router',
  match(project) {
    const directories = below(project, 'pages');
    if (!isNext(project) || directories === undefined) return undefined;
    const configuration = project.first(configurations);
    const renamed = configuration !== undefined && readSetting(configuration.text, ['pageExtensions']).found;
    const parts = project.stem === 'index' ? directories : [...directories, project.stem];
    return {
      kind: 'routed',
      served: project.path('public'),
      route: renamed ? undefined : parts.map(bracketed),
      rebuild: true,
      why: 'Next.js (pages router) serves public/ at the root of the site, along the path of the route',
    };
  },
};

/** `[id]`, `[...rest]` and `[[...rest]]`, as Next.js, Nuxt, Astro and SvelteKit write what can be anything. */
export function bracketed(part: string): RoutePart {
  if (/^\[{1,2}\.\.\..*\]{1,2}$/.test(part) || /^\[\[.*\]\]$/.test(part)) return { any: 'rest' };
  return part.includes('[') ? { any: 'one' } : part;
}
