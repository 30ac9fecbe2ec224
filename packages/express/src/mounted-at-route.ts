/**
 * Tells when a middleware is given to a route. Express keeps the name of each function that it is given (`layer.name`, in
 * versions 4 and 5), and whether it is a route that takes it is seen from where the name is asked for. Where that
 * cannot be seen (a bundled Express) nothing is told, and the first request tells it.
 */
export function onMountedAtRoute(middleware: (...args: never[]) => unknown, tell: () => void): void {
  const { name } = middleware;
  Object.defineProperty(middleware, 'name', {
    configurable: true,
    get() {
      if (/[\\/]route\.js:\d/.test(new Error().stack ?? '')) tell();
      return name;
    },
  });
}
