import type { Receiver } from '@smtpeter-webhooks/receiver';
import { writeAnswer } from '@smtpeter-webhooks/receiver/node';
import type { FastifyInstance } from 'fastify';
import { routePath } from './route-path.js';

type Ask = Receiver['verificationFile'];

/**
 * Routes for names like those of verification files, at the sibling of each path and at the root. They are narrower than
 * what an app has (`/:page`, `/*`), so that they neither clash with it nor hide it.
 *
 * @param paths - of the configured URLs.
 * @returns false when none of them lies below the prefix that the plugin is registered under.
 */
export function serveVerificationFiles(app: FastifyInstance, paths: readonly string[], ask: Ask): boolean {
  const folders = new Set(['/', ...paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1))]);
  const below = [...folders].filter((folder) => folder.startsWith(`${app.prefix}/`));
  for (const folder of below)
    addRoute(app, `${routePath(folder.slice(app.prefix.length))}smtpeter-:name(^[\\w-]+).txt`, ask);
  return below.length > 0;
}

/** Plugins that were registered twice share a route: two accounts have one root. */
const asked = new WeakMap<object, Map<string, Ask[]>>();

function addRoute(app: FastifyInstance, url: string, ask: Ask): void {
  const routes = asked.get(app.server) ?? new Map<string, Ask[]>();
  asked.set(app.server, routes);
  const key = `${app.prefix}${url}`;
  const there = routes.get(key);
  if (there !== undefined) {
    there.push(ask);
    return;
  }
  const all = [ask];
  routes.set(key, all);
  app.route({
    method: ['GET', 'HEAD'],
    url,
    handler: async (request, reply) => {
      for (const one of all) {
        const answer = await one(request.method, request.originalUrl);
        if (answer === undefined) continue;
        // Written past the app's hooks for answers: a file that is changed or compressed is not verified.
        reply.hijack();
        writeAnswer(request.raw, reply.raw, answer);
        return reply;
      }
      reply.callNotFound();
      return reply;
    },
  });
}
