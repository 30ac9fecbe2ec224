import type { WebhookServer } from '@smtpeter-webhooks/receiver/node';
import { exitCodes, Failure } from '../failure.js';

const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something listens there already: give another --port, or 0 for a free one.',
  EACCES: 'Ports below 1024 need rights: give a higher --port.',
  EADDRNOTAVAIL: 'This machine does not have that --address.',
  ENOTFOUND: '--address takes an IP address of this machine.',
};

/** Resolves once the server accepts connections. @throws Failure, exit 3, that says what stands in the way. */
export async function startServer(
  server: WebhookServer,
  { port, address }: { readonly port: number; readonly address: string },
): Promise<{ address: string; port: number }> {
  try {
    return await server.listen({ port, address });
  } catch (error) {
    await server.close({ timeoutMs: 0 });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = `Cannot listen on ${address} port ${port} (${code}).`;
    throw new Failure(exitCodes.impossible, 'ERR_LISTEN', message, hints[code]);
  }
}
