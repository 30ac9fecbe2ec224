import type { StoredInbox } from '@smtpeter-webhooks/inbox';
import {
  eventKinds,
  type FieldSchemas,
  type HandlerContext,
  type Logger,
  type WebhookEvent,
} from '@smtpeter-webhooks/receiver';
import { createWebhookServer, type WebhookServer } from '@smtpeter-webhooks/receiver/node';
import { dnsKeys } from '@smtpeter-webhooks/verify';
import { color as pc } from '../color.js';
import { pairEndpoints } from '../endpoints.js';
import { exitCodes, misuse } from '../failure.js';
import { onStopSignal } from '../stop-signals.js';
import { visibleText } from '../terminal-text.js';
import { CallTap } from './call-tap.js';
import { CaptureFolder } from './capture-folder.js';
import { jsonLines, type Lines, readableLines } from './event-lines.js';
import { readForwarding, unusedPaths } from './forward.js';
import { keptCall, listenInbox, workOptions } from './inbox.js';
import { LineWriter } from './line-writer.js';
import type { ListenOptions } from './options.js';
import { ResendKeys } from './resend-keys.js';
import { startServer } from './start-server.js';
import { forwarder, keeper, keepOther, printer, type Taker } from './takers.js';

const GRACE_MS = 10_000;

/** Receives until it is told to stop. @throws Failure */
export async function listen(options: ListenOptions): Promise<void> {
  const lines = options.json ? jsonLines : readableLines(pc);
  const ended = deferred<number>();
  const out = new LineWriter(process.stdout, () => ended.resolve(exitCodes.impossible));
  const tap = new CallTap(options.maxBody);
  const keys = new ResendKeys((text) => out.tell(pc.dim(text)));
  const kinds = readKinds(options.kind);
  const forwarding = readForwarding(options.forwardTo, options.forward ?? [], eventKinds);
  for (const text of unusedPaths(forwarding)) warn(visibleText(text));
  const forwards = forwarding.otherwise !== undefined || forwarding.byKind.size > 0;
  const folder = await captureFolder(options);
  const inbox = await listenInbox(options);
  const takers: Taker[] = [
    // With an inbox a line says that the event was handled; without one, that it came.
    ...(inbox === undefined ? [printer(lines, out)] : []),
    ...(folder === undefined ? [] : [keeper(folder, warn)]),
    ...(forwards
      ? [
          forwarder(
            forwarding,
            (line) => out.tell(line),
            lines,
            (call) => keys.add(call),
          ),
        ]
      : []),
    ...(inbox === undefined ? [] : [printer(lines, out)]),
  ];
  const server = createServer(options, inbox, {
    async '*'(event, context) {
      if (!kinds(event)) return;
      const call = inbox === undefined ? tap.current() : keptCall(event, context);
      for (const take of takers) await take(event, call);
    },
    ...told(lines, out, folder, tap),
  });
  tap.attach(server.server);
  const { address, port } = await startServer(server, options);
  const stop = () => ended.resolve(exitCodes.done);
  out.tell(lines.ready(address, port));
  onStopSignal(stop);
  if (forwards && !options.json && process.stdin.isTTY && process.stdout.isTTY) keys.listen(process.stdin, stop);
  const exitCode = await ended.promise;
  await server.close({ timeoutMs: GRACE_MS });
  await inbox?.close({ timeoutMs: 0 });
  process.exitCode = exitCode;
  // Look-ups under way, a handler that never ends, or the keyboard must not hold the process.
  process.stdin.unref?.();
  setTimeout(() => process.exit(), 500).unref();
}

interface Told {
  '*'(event: WebhookEvent, context: HandlerContext<unknown>): Promise<void>;
  duplicate(duplicate: Parameters<Lines['duplicate']>[0]): unknown;
  rejected(rejection: Parameters<Lines['rejected']>[0]): unknown;
}

/** What is said, and kept, of the calls that bring no event. */
function told(lines: Lines, out: LineWriter, folder: CaptureFolder | undefined, tap: CallTap): Omit<Told, '*'> {
  return {
    duplicate(duplicate) {
      out.tell(lines.duplicate(duplicate));
      return folder && keepOther(folder, tap, { line: 'duplicate' }, warn);
    },
    rejected(rejection) {
      out.tell(lines.rejected(rejection));
      const { code, status } = rejection;
      return folder && keepOther(folder, tap, { line: 'rejected', code, status }, warn, rejection);
    },
  };
}

function createServer(options: ListenOptions, inbox: StoredInbox<unknown> | undefined, on: Told): WebhookServer {
  const { trustProxy, dns, verificationFiles } = options;
  try {
    return createWebhookServer<FieldSchemas, unknown>({
      endpoints: pairEndpoints(options.id, options.url),
      toleranceSeconds: options.tolerance,
      maxBodyBytes: options.maxBody,
      signedUrl: options.signedUrl,
      ...(trustProxy !== undefined && { trustProxy: /^\d+$/.test(trustProxy) ? Number(trustProxy) : trustProxy }),
      keys: dnsKeys(dns === undefined ? {} : { servers: dns }),
      ...(verificationFiles !== undefined && { verificationFiles }),
      ...(inbox !== undefined && { inbox, worker: workOptions(options) }),
      log: stderrLog,
      on: { '*': on['*'] },
      onDuplicate: on.duplicate,
      onRejected: on.rejected,
    });
  } catch (error) {
    // The library says which option is wrong, and what to give.
    if (error instanceof TypeError) throw misuse(error.message);
    throw error;
  }
}

/** Which events are taken; the others are answered 200, and that is all. @throws Failure of misuse. */
function readKinds(kinds: readonly string[] | undefined): (event: WebhookEvent) => boolean {
  if (kinds === undefined) return () => true;
  const unknown = kinds.find((kind) => !(eventKinds as readonly string[]).includes(kind));
  if (unknown !== undefined) {
    const message = `There is no kind of event named ${JSON.stringify(unknown.slice(0, 80))}.`;
    throw misuse(message, `There are: ${eventKinds.join(', ')}.`);
  }
  const wanted = new Set<string>(kinds);
  return (event) => wanted.has(event.kind);
}

async function captureFolder({ capture, captureLimit }: ListenOptions): Promise<CaptureFolder | undefined> {
  return capture === undefined ? undefined : CaptureFolder.open(capture, captureLimit);
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Refused calls have lines of their own. */
const stderrLog: Logger = {
  debug() {},
  info: warn,
  warn: (message) => message.includes(': refused a call with ') || warn(message),
  error: (message) => message.includes(': refused a call with ') || warn(message),
};

/** Promise.withResolvers, which Node 20 does not have. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
