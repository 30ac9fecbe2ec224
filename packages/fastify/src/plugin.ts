import { createReceiver, type FieldSchemas, type Receiver, type ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { serveNodeCall } from '@smtpeter-webhooks/receiver/node';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { routePath } from './route-path.js';
import { trustsEveryone } from './trusts-everyone.js';
import { serveVerificationFiles } from './verification-routes.js';

/** The options of the plugin. `F` are the schemas in `fields`, `Tx` is the transaction of the inbox. */
export interface WebhookPluginOptions<F extends FieldSchemas = FieldSchemas, Tx = undefined>
  extends ReceiverOptions<F, Tx> {
  /** A prefix that the plugin is registered under: the path of `url` must begin with it, unless a proxy rewrites the path. */
  readonly prefix?: string;
  /** Given the receiver's counters once, for whoever wants to read them later. */
  readonly onStats?: (stats: Receiver['stats']) => void;
}

/**
 * The options as they are, for `app.register(webhooks, webhookOptions({ … }))`: with it handlers see the types that the
 * schemas in `fields` give, and the transaction of the inbox, which `register` alone cannot infer.
 */
export function webhookOptions<const F extends FieldSchemas, Tx = undefined>(
  options: WebhookPluginOptions<F, Tx>,
): WebhookPluginOptions {
  // The schemas' types are between the user's handlers and the parser; the plugin has no use for them.
  return options as unknown as WebhookPluginOptions;
}

/**
 * Receives webhooks in a Fastify app: `app.register(webhooks, { id, url, on })`, at any place, with a body parser or
 * without. It takes POSTs to the path of each configured URL, and with `verificationFiles` GETs of names like theirs
 * beside it and at the root, as far as its prefix reaches; a name that is not there gets the app's own 404. Within its
 * scope it replaces Fastify's body parsers, so that the bytes that were signed are read; the rest of the app keeps its
 * parsers. Hooks of the app run before it, and must not read the body.
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
  const urls = options.endpoints?.map((endpoint) => endpoint.url) ?? [options.url ?? ''];
  const paths = urls.map((url) => new URL(url).pathname);

  app.removeAllContentTypeParsers();
  // It takes nothing: the receiver reads the body itself, once the head holds.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('preClose', () => receiver.close());
  if (options.verificationFiles !== undefined && !serveVerificationFiles(app, paths, receiver.verificationFile)) {
    receiver.warn('WARN_VERIFICATION_FILES_ROUTE');
  }
  let looked = false;
  for (const path of routesOf(paths, app.prefix, configured)) {
    app.post(path, (request: FastifyRequest, reply: FastifyReply) => {
      reply.hijack();
      if (!looked && trustsEveryone(request)) receiver.warn('WARN_TRUST_PROXY_ALL');
      looked = true;
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
function routesOf(paths: readonly string[], prefix: string, configured: boolean): Set<string> {
  return new Set(
    paths.map((path) => {
      if (`${path}/`.startsWith(`${prefix}/`)) return routePath(path.slice(prefix.length));
      // Behind a proxy that rewrites paths, what is registered under a prefix stands at that very path.
      if (configured) return '';
      throw new TypeError(
        `url: its path does not begin with the prefix ${prefix} that the plugin is registered under.`,
      );
    }),
  );
}
