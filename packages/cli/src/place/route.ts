import type { RoutePart } from './layouts/layout.js';

/** True when a route answers a path, given as its decoded parts. */
export function matchesRoute(route: readonly RoutePart[], path: readonly string[]): boolean {
  const [first, ...rest] = route;
  if (first === undefined) return path.length === 0;
  const [name, ...names] = path;
  if (typeof first === 'string') return name === first && matchesRoute(rest, names);
  if (first.any === 'one') return name !== undefined && matchesRoute(rest, names);
  // Any number, also none: the rest of the route fits somewhere.
  return path.some((_, i) => matchesRoute(rest, path.slice(i))) || matchesRoute(rest, []);
}

/** A route for people. */
export function routeText(route: readonly RoutePart[]): string {
  return `/${route.map((part) => (typeof part === 'string' ? part : part.any === 'one' ? '…' : '…/…')).join('/')}`;
}
