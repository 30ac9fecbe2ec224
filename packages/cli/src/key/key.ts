import { exitCodes, misuse } from '../failure.js';
import { type DescribedRecord, describeRecord } from '../keys/describe-record.js';
import { isHostName } from '../keys/host-name.js';
import { type Published, publishedRecords } from '../keys/published-records.js';
import { onStopSignal } from '../stop-signals.js';
import { safeText, terminalJson } from '../terminal-text.js';

export interface KeyOptions {
  readonly dns?: string[];
  readonly watch?: true;
  readonly every: number;
  readonly json?: true;
}

/** A record as it is published and what it means. */
interface SeenRecord extends DescribedRecord {
  readonly text: string;
  readonly ttl: number;
}

interface Seen {
  readonly published: Published;
  readonly records: readonly SeenRecord[];
}

/** Shows a key, once or whenever it changes. @throws Failure of misuse. */
export async function showKey(name: string, options: KeyOptions): Promise<void> {
  const plain = name.toLowerCase().replace(/\.$/, '');
  if (!isHostName(plain)) {
    throw misuse(`${JSON.stringify(name.slice(0, 80))} is not a host name.`);
  }
  if (options.watch) return watch(plain, options);
  const seen = await look(plain, options);
  process.exitCode = exitCodeOf(seen);
  process.stdout.write(options.json ? `${terminalJson(document(plain, seen))}\n` : `${readable(plain, seen)}\n`);
}

async function look(name: string, { dns }: KeyOptions): Promise<Seen> {
  const published = await publishedRecords(name, dns);
  if (published.outcome !== 'records') return { published, records: [] };
  const records = published.records.map(async ({ text, ttl }) => ({ text, ttl, ...(await describeRecord(text)) }));
  return { published, records: await Promise.all(records) };
}

const usable = ({ records }: Seen) => records.some((record) => record.kind === 'key');

function exitCodeOf(seen: Seen): 0 | 1 | 3 {
  if (seen.published.outcome === 'failed') return exitCodes.impossible;
  return usable(seen) ? exitCodes.done : exitCodes.no;
}

function document(name: string, seen: Seen): Record<string, unknown> {
  const { published, records } = seen;
  const server = published.outcome === 'failed' ? null : published.server;
  if (published.outcome === 'failed') {
    return {
      ok: false,
      code: 'ERR_KEY_LOOKUP_FAILED',
      message: `DNS gave no usable answer: ${published.detail}.`,
      name,
      server,
      records,
    };
  }
  if (published.outcome === 'none') {
    return {
      ok: false,
      code: 'ERR_KEY_NOT_FOUND',
      message: `There is no key: ${published.detail}.`,
      name,
      server,
      records,
    };
  }
  if (usable(seen)) return { ok: true, name, server, records };
  const revoked = records.some((record) => record.kind === 'revoked');
  const [code, message] = revoked
    ? ['ERR_KEY_REVOKED', 'The key was revoked.']
    : ['ERR_KEY_UNUSABLE', 'There is no key that can be used.'];
  return { ok: false, code, message, name, server, records };
}

function readable(name: string, { published, records }: Seen): string {
  if (published.outcome !== 'records') return `${name}: ${published.detail}`;
  const lines = [`${name}, as ${published.server} has it:`];
  for (const record of records) {
    const what =
      record.thumbprint === null
        ? record.kind
        : `key: ${record.type}, ${record.bits} bits, thumbprint ${record.thumbprint}`;
    lines.push(`  ${what}`, `    TTL ${record.ttl} s`, `    ${shown(record.text)}`);
    for (const problem of record.problems) lines.push(`    ${safeText(problem)}`);
  }
  return lines.join('\n');
}

function shown(text: string): string {
  return (text.match(/.{1,100}/gs) ?? []).map(safeText).join('\n    ');
}

async function watch(name: string, options: KeyOptions): Promise<void> {
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  let before: string | undefined;
  while (!stop.signal.aborted) {
    const seen = await look(name, options);
    // Records come in any order, and their times to live run down.
    const now = JSON.stringify([seen.published.outcome, seen.records.map(({ text }) => text).sort()]);
    if (now !== before) {
      const line = {
        line: before === undefined ? 'key' : 'changed',
        at: new Date().toISOString(),
        ...document(name, seen),
      };
      process.stdout.write(options.json ? `${terminalJson(line)}\n` : `${line.at} ${readable(name, seen)}\n`);
    }
    before = now;
    await pause(options.every * 1000, stop.signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
