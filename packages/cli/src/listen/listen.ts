import { type Logger, RetryLaterError } from '@smtpeter-webhooks/receiver';
import { createWebhookServer, type WebhookServer } from '@smtpeter-webhooks/receiver/node';
import { dnsKeys } from '@smtpeter-webhooks/verify';
import { color as pc } from '../color.js';
import { exitCodes, Failure, misuse } from '../failure.js';
import { pairEndpoints } from './endpoints.js';
import { jsonLines, readableLines } from './event-lines.js';
import { LineWriter } from './line-writer.js';

export interface ListenOptions {
  readonly id: string[];
  readonly url: string[];
  readonly port: number;
  readonly address: string;
  readonly dns?: string[];
  readonly tolerance: number;
  readonly maxBody: number;
  readonly trustProxy?: string;
  readonly signedUrl: 'received' | 'configured';
  readonly json?: true;
}

const GRACE_MS = 10_000;

/** Receives until it is told to stop. @throws Failure */
export async function listen(options: ListenOptions): Promise<void> {
  const lines = options.json ? jsonLines : readableLines(pc);
  const ended = deferred<number>();
  const out = new LineWriter(process.stdout, () => ended.resolve(exitCodes.impossible));
  const server = createServer(options, {
    async event(event) {
      // The call is answered 200 only once the line is out.
      await out.write(lines.event(event)).catch((cause) => {
        throw new RetryLaterError('Nobody takes the output.', { cause });
      });
    },
    duplicate: (duplicate) => out.tell(lines.duplicate(duplicate)),
    rejected: (rejection) => out.tell(lines.rejected(rejection)),
  });
  const { address, port } = await start(server, options);
  out.tell(lines.ready(address, port));
  onStopSignal(() => ended.resolve(exitCodes.done));
  const exitCode = await ended.promise;
  await server.close({ timeoutMs: GRACE_MS });
  process.exitCode = exitCode;
  // Look-ups under way, or a handler that never ends, must not hold the process.
  setTimeout(() => process.exit(), 500).unref();
}

interface Told {
  event(event: Parameters<ReturnType<typeof readableLines>['event']>[0]): Promise<void>;
  duplicate(duplicate: Parameters<ReturnType<typeof readableLines>['duplicate']>[0]): void;
  rejected(rejection: Parameters<ReturnType<typeof readableLines>['rejected']>[0]): void;
}

function createServer(options: ListenOptions, told: Told): WebhookServer {
  const { trustProxy, dns } = options;
  try {
    return createWebhookServer({
      endpoints: pairEndpoints(options.id, options.url),
      toleranceSeconds: options.tolerance,
      maxBodyBytes: options.maxBody,
      signedUrl: options.signedUrl,
      ...(trustProxy !== undefined && { trustProxy: /^\d+$/.test(trustProxy) ? Number(trustProxy) : trustProxy }),
      keys: dnsKeys(dns === undefined ? {} : { servers: dns }),
      log: stderrLog,
      on: { '*': told.event },
      onDuplicate: told.duplicate,
      onRejected: told.rejected,
    });
  } catch (error) {
    // The library says which option is wrong, and what to give.
    if (error instanceof TypeError) throw misuse(error.message);
    throw error;
  }
}

/** Refused calls have lines of their own. */
const stderrLog: Logger = {
  debug() {},
  info: (message) => process.stderr.write(`${message}\n`),
  warn: (message) => message.includes(': refused a call with ') || process.stderr.write(`${message}\n`),
  error: (message) => message.includes(': refused a call with ') || process.stderr.write(`${message}\n`),
};

async function start(
  server: WebhookServer,
  { port, address }: ListenOptions,
): Promise<{ address: string; port: number }> {
  try {
    return await server.listen({ port, address });
  } catch (error) {
    await server.close({ timeoutMs: 0 });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const hints: Record<string, string> = {
      EADDRINUSE: 'Something listens there already: give another --port, or 0 for a free one.',
      EACCES: 'Ports below 1024 need rights: give a higher --port.',
      EADDRNOTAVAIL: 'This machine does not have that --address.',
      ENOTFOUND: '--address takes an IP address of this machine.',
    };
    throw new Failure(
      exitCodes.impossible,
      'ERR_LISTEN',
      `Cannot listen on ${address} port ${port} (${code}).`,
      hints[code],
    );
  }
}

/** The first signal asks for an orderly end, the second one ends. */
function onStopSignal(stop: () => void): void {
  let asked = false;
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
  ] as const) {
    process.on(signal, () => {
      if (asked) process.exit(128 + number);
      asked = true;
      stop();
    });
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
