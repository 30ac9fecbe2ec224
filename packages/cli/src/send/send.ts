import { readFile } from 'node:fs/promises';
import {
  eventKinds,
  type FaultName,
  faultNames,
  type SampleKind,
  type SendSummary,
  sampleEvent,
  sendMany,
  signRequest,
  type TestKey,
  testKeyFromPem,
} from '@smtpeter-webhooks/sender';
import { color as pc } from '../color.js';
import { exitCodes, Failure, misuse } from '../failure.js';
import { nearest } from '../nearest.js';
import { Progress } from './progress.js';
import { readFields } from './set-field.js';

export interface SendOptions {
  readonly to: string;
  readonly as?: string;
  readonly id: string;
  readonly key: string;
  readonly keyId: string;
  readonly count: number;
  readonly rate?: number;
  readonly concurrency: number;
  readonly encoding: 'json' | 'form';
  readonly set?: string[];
  readonly fault?: string;
  readonly json?: true;
}

/** Sends calls and prints how it went. @throws Failure */
export async function send(kind: string, options: SendOptions): Promise<void> {
  const event = known('kind', kind, eventKinds) as SampleKind;
  const fault = options.fault === undefined ? undefined : (known('fault', options.fault, faultNames) as FaultName);
  const to = readUrl('--to', options.to);
  const url = options.as === undefined ? to : readUrl('--as', options.as);
  const fields = readFields(options.set ?? []);
  const key = await readKey(options.key);
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  const progress = new Progress(options.count, options.json === undefined);
  const summary = await sendMany({
    count: options.count,
    concurrency: options.concurrency,
    ...(options.rate !== undefined && { ratePerSecond: options.rate }),
    to,
    signal: stop.signal,
    next: (index) =>
      signRequest({
        url,
        id: options.id,
        key,
        keyId: options.keyId,
        event: sampleEvent(event, fields, { number: index + 1 }),
        encoding: options.encoding,
        ...(fault !== undefined && { fault }),
      }),
    onResult: () => progress.step(),
  });
  progress.end();
  process.off('SIGINT', abort);
  process.off('SIGTERM', abort);
  process.exitCode = summary.failed > 0 ? exitCodes.impossible : summary.refused > 0 ? exitCodes.no : exitCodes.done;
  process.stdout.write(options.json ? `${JSON.stringify(jsonSummary(summary))}\n` : readableSummary(summary));
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

function known(what: string, word: string, words: readonly string[]): string {
  if (words.includes(word)) return word;
  const meant = nearest(word, words);
  const hint =
    meant === undefined ? `There are: ${words.join(', ')}.` : `Did you mean ${meant}? There are: ${words.join(', ')}.`;
  throw misuse(`There is no ${what} named ${JSON.stringify(word.slice(0, 80))}.`, hint);
}

function readUrl(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw misuse(`${option} takes a whole URL, http or https, not ${JSON.stringify(text.slice(0, 80))}.`);
}

async function readKey(path: string): Promise<TestKey> {
  let pem: Buffer;
  try {
    pem = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_KEY_FILE', `Cannot read the key file ${path} (${code}).`);
  }
  try {
    return testKeyFromPem(pem);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const hint = 'Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem';
    throw new Failure(exitCodes.misuse, 'ERR_KEY_INVALID', error.message, hint);
  }
}
