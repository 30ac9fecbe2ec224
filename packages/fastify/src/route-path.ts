/**
 * A URL's path as a route of Fastify. Its router compares decoded paths, and takes a colon for a parameter unless it is
 * doubled. A segment with an escaped slash or the like cannot be written as a route; a parameter stands for it, and the
 * receiver compares the path.
 */
export function routePath(path: string): string {
  const segments = path.split('/').map((segment, i) => {
    const decoded = decodeURI(segment);
    return decoded.includes('%') ? `:segment${i}` : decoded.replaceAll(':', '::');
  });
  return segments.join('/');
}
