import { createReceiver, type Receiver, type ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { serveNodeCall } from '@smtpeter-webhooks/receiver/node';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';

/** The options of the plugin. */
export interface WebhookPluginOptions extends ReceiverOptions {
  /** A prefix that the plugin is registered under: the path of `url` must begin with it, unless a proxy rewrites the path. */
  readonly prefix?: string;
  /** Given the receiver's counters once, for whoever wants to read them later. */
  readonly onStats?: (stats: Receiver['stats']) => void;
}

/**
 * Receives webhooks in a Fastify app: `app.register(webhooks, { id, url, on })`, at any place, with a body parser or
 * without. It takes POSTs to the path of each configured URL. Within its own scope it replaces Fastify's body parsers,
 * so that the bytes that were signed are read; the rest of the app keeps its parsers. Hooks of the app run before it,
 * and must not read the body.
 *
 * Fastify's `trustProxy` option decides whether a call came over HTTPS. Log lines go to the app's logger when it has
 * one, else to the console. When the app closes, new calls get 503 while those in flight finish.
 *
 * @throws TypeError, from `app.ready()`, that names the option that is wrong, and what to give.
 */
export const webhooks: FastifyPluginAsync<WebhookPluginOptions> = async (app, { prefix, onStats, ...options }) => {
  const log = options.log ?? loggerOf(app);
  const receiver = createReceiver({ ...options, ...(log !== undefined && { log }) });
  onStats?.(receiver.stats);
  const configured = receiver.signedUrl === 'configured';

  app.removeAllContentTypeParsers();
  // It takes nothing: the receiver reads the body itself, once the head holds.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('preClose', () => receiver.close());
  for (const path of routesOf(options, app.prefix, configured)) {
    app.post(path, (request: FastifyRequest, reply: FastifyReply) => {
      reply.hijack();
      const target = request.originalUrl;
      void serveNodeCall(receiver, request.raw, reply.raw, {
        secure: request.protocol === 'https',
        target,
        checkPath: !configured,
      });
    });
  }
};

/** Without a logger of its own an app has one that says nothing, and no level. */
function loggerOf(app: FastifyInstance): ReceiverOptions['log'] {
  return app.log.level === undefined ? undefined : app.log;
}

/** The routes below the prefix, in the router's spelling. */
function routesOf({ url, endpoints }: ReceiverOptions, prefix: string, configured: boolean): Set<string> {
  const urls = endpoints?.map((endpoint) => endpoint.url) ?? [url ?? ''];
  return new Set(
    urls.map((one) => {
      const { pathname } = new URL(one);
      if (`${pathname}/`.startsWith(`${prefix}/`)) return routeTo(pathname.slice(prefix.length));
      // Behind a proxy that rewrites paths, what is registered under a prefix stands at that very path.
      if (configured) return '';
      throw new TypeError(
        `url: its path does not begin with the prefix ${prefix} that the plugin is registered under.`,
      );
    }),
  );
}

/**
 * The router compares decoded paths, and takes a colon for a parameter unless it is doubled. A segment with an escaped
 * slash or the like cannot be written as a route; a parameter stands for it, and the receiver compares the path.
 */
function routeTo(path: string): string {
  const segments = path.split('/').map((segment, i) => {
    const decoded = decodeURI(segment);
    return decoded.includes('%') ? `:segment${i}` : decoded.replaceAll(':', '::');
  });
  return segments.join('/');
}
