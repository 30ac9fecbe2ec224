import { type Rejection, RetryLaterError, type WebhookEvent } from '@smtpeter-webhooks/receiver';
import type { CaptureOutcome } from '../captured/capture-file.js';
import { safeText } from '../terminal-text.js';
import type { CallTap, TappedCall } from './call-tap.js';
import type { CaptureFolder } from './capture-folder.js';
import type { Lines } from './event-lines.js';
import { type Forwarding, forward } from './forward.js';
import type { LineWriter } from './line-writer.js';
import type { Resendable } from './resend-keys.js';

/** Something that takes a genuine event. The call is answered 200 only once every taker is done. */
export type Taker = (event: WebhookEvent, call: TappedCall | undefined) => Promise<void>;

/** Prints the event. @throws RetryLaterError when nobody takes the output. */
export function printer(lines: Lines, out: LineWriter): Taker {
  return (event) =>
    out.write(lines.event(event)).catch((cause) => {
      throw new RetryLaterError('Nobody takes the output.', { cause });
    });
}

/** Keeps the call as a file. @throws RetryLaterError when that fails. */
export function keeper(folder: CaptureFolder, warn: (text: string) => void): Taker {
  return async (event, call) => {
    if (call === undefined) return;
    // The pipeline has read the body to its end: what was verified is what is kept.
    const exact = { ...call, body: () => Buffer.from(event.body), complete: () => true };
    await keep(folder, exact, { line: 'event' }, warn).catch((cause) => {
      throw new RetryLaterError('The call cannot be kept.', { cause });
    });
  };
}

async function keep(folder: CaptureFolder, call: TappedCall, outcome: CaptureOutcome, warn: (text: string) => void) {
  const wasFull = folder.isFull(outcome);
  await folder.keep(call, outcome);
  if (wasFull || !folder.isFull(outcome)) return;
  const which = outcome.line === 'rejected' ? 'refused calls' : 'calls';
  warn(`As many ${which} are kept as were asked for; later ones are not (--capture-limit).`);
}

/** Passes the event's call on. @throws when it is not answered 2xx, so that the sender learns it. */
export function forwarder(
  forwarding: Forwarding,
  tell: (line: ReturnType<Lines['forwarded']>) => void,
  lines: Lines,
  remember: (call: Resendable) => void,
): Taker {
  return async (event, call) => {
    const to = forwarding.byKind.get(event.kind) ?? forwarding.otherwise;
    if (to === undefined || call === undefined) return;
    const label = `${event.kind} ${'recipient' in event ? (event.recipient ?? '') : ''} (${call.receivedAt.toISOString()})`;
    const body = Buffer.from(event.body);
    remember({ label, resend: async () => String((await forward(call, body, to)).status) });
    const result = await forward(call, body, to).catch((cause: unknown) => {
      tell(lines.forwardFailed(to, codeOf(cause)));
      throw new RetryLaterError('The call could not be passed on.', { cause });
    });
    tell(lines.forwarded(result));
    if (result.status < 200 || result.status > 299) throw new Error(`The target answered ${result.status}.`);
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? safeText(String(error.code)) : 'ERR_SEND_FAILED';
}

/** Keeps a refused call, or a repeat, with what has come of its body. Never rejects. */
export async function keepOther(
  folder: CaptureFolder,
  tap: CallTap,
  outcome: CaptureOutcome,
  warn: (text: string) => void,
  rejection?: Rejection,
): Promise<void> {
  const call = tap.current();
  // What could not be read as HTTP has no call of its own, and must not be taken for the one before.
  if (call === undefined || rejection?.method === '') return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, BODY_MS);
  });
  await Promise.race([call.ended(), late]);
  clearTimeout(timer);
  await keep(folder, call, outcome, warn).catch((error) =>
    warn(error instanceof Error ? error.message : String(error)),
  );
}

/** A refusal is held back so long for the rest of its body. */
const BODY_MS = 700;
