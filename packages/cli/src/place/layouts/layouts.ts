import { classicScript } from './classic-script.js';
import { astro, nuxt, remix, svelteKit } from './file-routes.js';
import { laravel, rails, symfony, unknownFrontController } from './front-controllers.js';
import type { Layout, Match } from './layout.js';
import { middleware, unservedScript } from './middleware.js';
import { nextAppRouter, nextPagesRouter } from './next.js';
import { projectsOf } from './project.js';

/** In order: the first one that knows the project decides. Each is tried on every directory above the handler. */
const layouts: readonly Layout[] = [
  nextAppRouter,
  nextPagesRouter,
  nuxt,
  svelteKit,
  astro,
  remix,
  middleware,
  laravel,
  symfony,
  rails,
];

/** What is tried only when none of those knows it. */
const others: readonly Layout[] = [unservedScript, unknownFrontController];

/** Finds the layout of a handler's project. @throws Failure: a question, when only the user can tell. */
export function layoutOf(handler: string): { readonly id: string; readonly match: Match } {
  const projects = projectsOf(handler);
  for (const group of [layouts, others]) {
    for (const project of projects) {
      for (const layout of group) {
        const match = layout.match(project);
        if (match !== undefined) return { id: layout.id, match };
      }
    }
  }
  const [nearest] = projects;
  const match = nearest === undefined ? undefined : classicScript.match(nearest);
  if (match === undefined) throw new Error('The last layout always answers.');
  return { id: classicScript.id, match };
}
