import {
  faultNames,
  faults,
  type SendSummary,
  type SignedCall,
  sendMany,
  signRequest,
} from '@smtpeter-webhooks/sender';
import { color as pc } from '../color.js';
import { exitCodes } from '../failure.js';
import { readPrivateKey } from '../keys/private-key-file.js';
import { readUrl } from '../option-values.js';
import { terminalJson } from '../terminal-text.js';
import { required, type SendOptions } from './options.js';
import { extraHeaders, planCalls } from './plan.js';
import { Progress } from './progress.js';

/** Sends calls and prints how it went. @throws Failure */
export async function send(kind: string | undefined, options: SendOptions): Promise<void> {
  if (options.fault === 'list') return listFaults(options.json === true);
  const plan = await planCalls(kind, options);
  const { id, keyId, ...needed } = required(options);
  const to = readUrl('--to', needed.to);
  const url = options.as === undefined ? to : readUrl('--as', options.as);
  const key = await readPrivateKey(needed.key);
  const headers = extraHeaders(options.header ?? []);
  const { repeat } = options;
  const sign = (index: number) => signRequest({ url, id, key, keyId, ...plan.parts(index) });
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  const progress = new Progress(plan.count * repeat, options.json === undefined);
  const { dueMs } = plan;
  const summary = await sendMany({
    count: plan.count * repeat,
    concurrency: options.concurrency,
    ...(options.rate !== undefined && { ratePerSecond: options.rate }),
    ...(dueMs !== undefined && { dueMs: (index) => dueMs(Math.floor(index / repeat)) }),
    to,
    headers,
    signal: stop.signal,
    next: repeat === 1 ? sign : repeating(sign, repeat),
    onResult: () => progress.step(),
  });
  progress.end();
  process.off('SIGINT', abort);
  process.off('SIGTERM', abort);
  process.exitCode = summary.failed > 0 ? exitCodes.impossible : summary.refused > 0 ? exitCodes.no : exitCodes.done;
  process.stdout.write(options.json ? `${terminalJson(jsonSummary(summary))}\n` : readableSummary(summary));
}

/** Gives each call so often. Calls are asked for in order, so that one is remembered and no more. */
function repeating(sign: (index: number) => SignedCall, times: number): (index: number) => SignedCall {
  let last: { number: number; call: SignedCall } | undefined;
  return (index) => {
    const number = Math.floor(index / times);
    // With rates and delays a late one may still ask for the call before; it is signed again then.
    if (last?.number !== number) last = { number, call: sign(number) };
    return last.call;
  };
}

function listFaults(json: boolean): void {
  const list = faultNames.map((name) => ({ name, title: faults[name].title, expected: faults[name].expected }));
  if (json) process.stdout.write(`${terminalJson({ ok: true, faults: list })}\n`);
  else for (const { name, title, expected } of list) process.stdout.write(`${name.padEnd(22)} ${expected}  ${title}\n`);
}

function jsonSummary(summary: SendSummary): Record<string, unknown> {
  const { sent, accepted, refused, failed } = summary;
  if (failed > 0) {
    return {
      ok: false,
      code: 'ERR_NOT_ANSWERED',
      message: `${failed} of ${sent} calls were not answered.`,
      ...summary,
    };
  }
  if (refused > 0)
    return { ok: false, code: 'ERR_REFUSED', message: `${sent - accepted} of ${sent} calls were refused.`, ...summary };
  return { ok: true, ...summary };
}

function readableSummary({
  sent,
  accepted,
  refused,
  failed,
  statuses,
  errors,
  latencyMs,
  durationMs,
}: SendSummary): string {
  const counts = [`${sent} sent`, pc.green(`${accepted} accepted`)];
  if (refused > 0) counts.push(pc.red(`${refused} refused`));
  if (failed > 0) counts.push(pc.red(`${failed} not answered`));
  const lines = [`${counts.join(', ')} in ${(durationMs / 1000).toFixed(2)} s`];
  const kinds = [...Object.entries(statuses), ...Object.entries(errors)];
  if (kinds.length > 0) lines.push(`answers: ${kinds.map(([name, count]) => `${name} x ${count}`).join(', ')}`);
  if (latencyMs !== null) {
    lines.push(
      `latency: p50 ${latencyMs.p50} ms, p90 ${latencyMs.p90} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    );
  }
  return `${lines.join('\n')}\n`;
}
