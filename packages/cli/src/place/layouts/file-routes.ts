import type { Layout, RoutePart } from './layout.js';
import { question } from './layout.js';
import { bracketed } from './next.js';
import type { Project } from './project.js';
import { publicDirectory } from './public-directory.js';
import { readSetting } from './script-text.js';

const endings = (name: string) => ['ts', 'js', 'mjs', 'mts', 'cjs'].map((ending) => `${name}.${ending}`);
const viteFiles = endings('vite.config');

function uses(project: Project, files: readonly string[], ...packages: string[]): boolean {
  if (!project.isScript) return false;
  return project.first(files) !== undefined || packages.some((name) => project.dependency(name) !== undefined);
}

/** Nuxt 3 and 4: https://nuxt.com/docs/guide/directory-structure/server; Nuxt 2 has `static`. */
export const nuxt: Layout = {
  id: 'nuxt',
  match(project) {
    const files = endings('nuxt.config');
    if (!uses(project, files, 'nuxt', 'nuxt-edge')) return undefined;
    const [first, second, ...rest] = project.directories;
    const old = /^\D*2\b/.test(project.dependency('nuxt') ?? '') || project.dependency('nuxt-edge') !== undefined;
    if (old) {
      const isHandler = ['api', 'server', 'server-middleware', 'serverMiddleware'].includes(first ?? '');
      if (!isHandler) return undefined;
      return {
        kind: 'routed',
        served: publicDirectory(project, files, ['dir', 'static'], 'static'),
        route: undefined, // where serverMiddleware is mounted is said in nuxt.config
        rebuild: true,
        why: 'Nuxt 2 serves static/ at the root of the site',
      };
    }
    if (first !== 'server') return undefined;
    const configuration = project.first(files);
    const moved = readSetting(configuration?.text ?? '', ['srcDir']);
    const served = publicDirectory(project, files, ['dir', 'public'], 'public');
    if (moved.found && !project.hasDirectory('public')) {
      throw question(
        'ERR_UNSURE_DIRECTORY',
        'Nuxt is told to look for its sources elsewhere (srcDir), and there is no public directory here.',
        'Say where the files are served from: --webroot <that directory> --url <callback url>.',
        [
          { directory: served, why: 'at the root of the project' },
          { directory: project.path(moved.text ?? 'src', 'public'), why: 'below srcDir' },
        ],
      );
    }
    const stem = project.stem.replace(/\.(get|post|put|patch|delete|head|options)$/, '');
    const parts = [...rest, ...(stem === 'index' ? [] : [stem])];
    const prefix = second === 'api' ? ['api'] : second === 'routes' ? [] : undefined;
    return {
      kind: 'routed',
      served,
      route: prefix === undefined ? undefined : [...prefix, ...parts.map(bracketed)],
      rebuild: true,
      why: 'Nuxt serves public/ at the root of the site, along the path of the route',
    };
  },
};

/** SvelteKit: https://svelte.dev/docs/kit/routing#server */
export const svelteKit: Layout = {
  id: 'sveltekit',
  match(project) {
    // From version 3 on the plugin in vite.config has the configuration, and svelte.config may not be there.
    const old = endings('svelte.config');
    const inVite = project.first(old) === undefined;
    const [first, second, ...rest] = project.directories;
    if (!uses(project, [], '@sveltejs/kit') || !project.file.startsWith('+server.')) return undefined;
    if (first !== 'src' || second !== 'routes') return undefined;
    return {
      kind: 'routed',
      served: publicDirectory(project, inVite ? viteFiles : old, ['files', 'assets'], 'static'),
      route: rest.filter((one) => !/^\(.*\)$/.test(one)).map(bracketed),
      rebuild: true,
      why: 'SvelteKit serves static/ at the root of the site, along the path of the route',
    };
  },
};

/** Astro: https://docs.astro.build/en/guides/endpoints/ */
export const astro: Layout = {
  id: 'astro',
  match(project) {
    const files = endings('astro.config');
    const [first, second, ...rest] = project.directories;
    if (!uses(project, files, 'astro') || first !== 'src' || second !== 'pages') return undefined;
    if ([...rest, project.file].some((one) => one.startsWith('_'))) {
      throw question(
        'ERR_NOT_SERVED',
        `${project.handler} starts with _: Astro gives it no URL.`,
        'Name the endpoint.',
      );
    }
    const parts = project.stem === 'index' ? rest : [...rest, project.stem];
    return {
      kind: 'routed',
      served: publicDirectory(project, files, ['publicDir'], 'public'),
      route: parts.map(bracketed),
      rebuild: true,
      why: 'Astro serves public/ at the root of the site, along the path of the route',
    };
  },
};

/** Remix and React Router as a framework: https://reactrouter.com/how-to/file-route-conventions */
export const remix: Layout = {
  id: 'remix',
  match(project) {
    const packages = [
      '@remix-run/react',
      '@remix-run/node',
      '@remix-run/dev',
      '@react-router/dev',
      '@react-router/node',
    ];
    const files = [...endings('remix.config'), ...endings('react-router.config')];
    const [first, ...rest] = project.directories;
    if (!uses(project, files, ...packages) || first !== 'app') return undefined;
    const byFile = rest[0] === 'routes' && !hasRouteTable(project);
    return {
      kind: 'routed',
      served: publicDirectory(project, viteFiles, ['publicDir'], 'public'),
      route: byFile ? remixRoute(project, rest.slice(1)) : undefined,
      rebuild: true,
      why: 'Remix and React Router serve public/ at the root of the site, along the path of the route',
    };
  },
};

/** React Router has its routes in `app/routes.ts`, which may say that files decide. */
function hasRouteTable(project: Project): boolean {
  const table = project.first(endings('app/routes'));
  return table !== undefined && !/\bflatRoutes\s*\(/.test(table.text);
}

function remixRoute(project: Project, folders: readonly string[]): RoutePart[] | undefined {
  const first = /^\D*1\b/.test(project.dependency('@remix-run/react') ?? '');
  // Version 2 takes `route.ts` in one folder; version 1 nested folders.
  if (!first && (folders.length > 1 || (folders.length === 1 && !/^(route|index)$/.test(project.stem))))
    return undefined;
  const name = first ? [...folders, project.stem].join('.') : (folders[0] ?? project.stem);
  const parts: RoutePart[] = [];
  // What stands in square brackets is taken as it is.
  for (const written of name.match(/(?:\[[^[\]]*\]|[^.[])+/g) ?? []) {
    const part = written.replace(/\[([^[\]]*)\]/g, '$1');
    const escaped = written.includes('[');
    if (escaped) parts.push(part);
    else if (part === '$') parts.push({ any: 'rest' });
    else if (part.startsWith('$') || /^\(.*\)$/.test(part)) parts.push({ any: 'rest' });
    else if (!part.startsWith('_') && part !== 'index') parts.push(part.replace(/_$/, ''));
  }
  return parts;
}
