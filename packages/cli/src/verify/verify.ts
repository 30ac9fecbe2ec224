import { createPublicKey } from 'node:crypto';
import { createVerifier, dnsKeys, type KeySource, type PublicJwk, pinnedKeys } from '@smtpeter-webhooks/verify';
import { readCaptured } from '../captured/read-captured.js';
import { color as pc } from '../color.js';
import { pairEndpoints } from '../endpoints.js';
import { exitCodes, misuse } from '../failure.js';
import { readPublicKey } from '../keys/public-key-file.js';
import { terminalJson } from '../terminal-text.js';
import { clockSkew } from './clock-skew.js';
import { diagnose, type KeyChoice, type Report } from './diagnose.js';
import { mask } from './mask.js';
import { jsonReport, readableReport } from './report.js';
import { jsonReports, readableReports } from './reports.js';

export interface VerifyOptions {
  readonly id: string[];
  readonly url: string[];
  readonly dns?: string[];
  readonly key?: string;
  readonly testKey?: string;
  readonly at?: string;
  readonly ignoreAge?: true;
  readonly tolerance: number;
  readonly signedUrl: 'received' | 'configured';
  readonly share?: true;
  readonly json?: true;
}

/** Explains captured calls. @throws Failure */
export async function verify(sources: readonly string[], options: VerifyOptions): Promise<void> {
  const reports: Report[] = [];
  for (const source of sources) reports.push(await reportOn(source, options));
  const exits = reports.map((report) => report.exitCode);
  process.exitCode = exits.find((code) => code === exitCodes.no) ?? Math.max(...exits);
  const [only] = reports;
  if (only !== undefined && reports.length === 1) {
    process.stdout.write(options.json ? `${terminalJson(jsonReport(only))}\n` : readableReport(only, pc));
    return;
  }
  // A path may hold a name.
  const named = reports.map((report, i) => ({ file: options.share ? `call ${i + 1}` : (sources[i] ?? ''), report }));
  const skew = clockSkew(reports.map((report) => report.ageSeconds).filter((age) => age !== undefined));
  process.stdout.write(options.json ? `${terminalJson(jsonReports(named, skew))}\n` : readableReports(named, skew, pc));
}

async function reportOn(captured: string, options: VerifyOptions): Promise<Report> {
  const endpoints = pairEndpoints(options.id, options.url);
  const givenAt = options.at === undefined ? undefined : readInstant(options.at);
  const testKey = options.testKey === undefined ? undefined : await readPublicKey(options.testKey);
  const keys = await chooseKeys(options);
  const call = await readCaptured(captured);
  const at = givenAt ?? call.receivedAt ?? new Date();
  const verifier = makeVerifier(() =>
    createVerifier({
      endpoints,
      keys: keys.source,
      clock: () => at.getTime(),
      toleranceSeconds: options.ignoreAge ? Number.POSITIVE_INFINITY : options.tolerance,
      signedUrl: options.signedUrl,
    }),
  );
  const moment = {
    at,
    known: givenAt !== undefined || call.receivedAt !== undefined,
    ignored: options.ignoreAge === true,
  };
  const secure = call.secure ?? new URL(endpoints[0]?.url ?? '').protocol === 'https:';
  try {
    const explanation = await verifier.explain({ ...call, secure });
    return await diagnose({
      call,
      explanation,
      endpoints,
      keys: keys.choice,
      testKey,
      moment,
      mask: mask(options.share === true),
    });
  } finally {
    verifier.close();
  }
}

async function chooseKeys({ key, dns }: VerifyOptions): Promise<{ source: KeySource; choice: KeyChoice }> {
  if (key === undefined) {
    try {
      return { source: dnsKeys(dns === undefined ? {} : { servers: dns }), choice: { from: 'dns', servers: dns } };
    } catch (error) {
      if (error instanceof TypeError) throw misuse(error.message);
      throw error;
    }
  }
  const given = await readPublicKey(key);
  const jwk = createPublicKey(given.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  return { source: pinnedKeys({ keys: [jwk as PublicJwk] }), choice: { from: 'file', key: given } };
}

function makeVerifier<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    // The library says which option is wrong, and what to give.
    if (error instanceof TypeError) throw misuse(error.message);
    throw error;
  }
}

function readInstant(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw misuse(`--at takes a moment such as 2026-10-21T08:00:00Z, not ${JSON.stringify(text.slice(0, 80))}.`);
}
