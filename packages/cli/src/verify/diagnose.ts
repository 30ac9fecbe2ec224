import type { KeyObject } from 'node:crypto';
import {
  buildSigningString,
  type CheckReport,
  type Endpoint,
  type Explanation,
  parseCoveredList,
  parseSignatureHeader,
} from '@smtpeter-webhooks/verify';
import { type CapturedCall, headerOf } from '../captured/captured-call.js';
import { exitCodes } from '../failure.js';
import { type DescribedRecord, describeRecord, keyInRecord } from '../keys/describe-record.js';
import { publishedRecords } from '../keys/published-records.js';
import type { Cause } from './causes.js';
import { type Mask, maskLine } from './mask.js';
import { maskEvidence } from './mask-evidence.js';
import { mostLikelyCause } from './most-likely-cause.js';
import { findOriginalBody } from './original-body.js';
import { findOriginalHead, type HeadDifference } from './original-head.js';
import { type SignedText, signedText } from './signed-text.js';

/** Where keys come from. */
export type KeyChoice =
  | { readonly from: 'dns'; readonly servers: readonly string[] | undefined }
  | { readonly from: 'file'; readonly key: KeyObject };

export interface Subject {
  readonly call: CapturedCall;
  readonly explanation: Explanation;
  readonly endpoints: readonly Endpoint[];
  readonly keys: KeyChoice;
  readonly testKey: KeyObject | undefined;
  readonly moment: { readonly at: Date; readonly known: boolean; readonly ignored: boolean };
  readonly mask: Mask;
}

/** What `key` says in a report. */
export interface KeyReport {
  readonly name: string | null;
  readonly from: 'dns' | 'file';
  readonly detail: string | null;
  readonly records: readonly (DescribedRecord & { readonly ttl: number | null })[];
  /** Whether one of them made the signature: null when that cannot be told. */
  readonly madeTheSignature: boolean | null;
}

/** All that there is to say about a captured call, already fit to be shown. */
export interface Report {
  readonly explanation: Explanation;
  readonly exitCode: 0 | 1 | 3;
  readonly checks: readonly CheckReport[];
  readonly cause: Cause | undefined;
  readonly key: KeyReport;
  readonly signingString: readonly {
    readonly name: string;
    readonly received: string | null;
    readonly signed: string | null;
  }[];
  readonly call: { readonly format: string; readonly notes: readonly string[]; readonly bodyBytes: number };
  readonly moment: Subject['moment'];
  /** Receipt minus Date in seconds: undefined unless the one is known and the other was signed. */
  readonly ageSeconds: number | undefined;
}

/** Looks for what happened to a call. */
export async function diagnose(subject: Subject): Promise<Report> {
  const { call, explanation, endpoints, mask } = subject;
  const header = parseSignatureHeader(headerOf(call, 'signature') ?? '');
  const parsed = 'problem' in header ? undefined : header;
  const signature = Buffer.from((parsed?.signature ?? '').replace(/\s/g, ''), 'base64');
  const names = parseCoveredList(parsed?.headers)?.names ?? [];
  const { report: keyReport, keys } = await lookAtKey(subject, parsed?.keyId);
  const usable = signature.length > 0 && keys.length > 0;
  const signed = usable ? signedText(keys, signature) : undefined;
  const originalBody = failed(explanation, 'digest-match') ? originalBodyOf(call) : undefined;
  const lengths = [call.body.length, ...(originalBody === undefined ? [] : [originalBody.body.length])];
  const search = { call, names, endpoints, lengths };
  const holds = explanation.checks.some((check) => check.id === 'signature' && check.result === 'passed');
  const originalHead =
    signed === undefined || holds || signed.madeByKey === false ? undefined : findOriginalHead({ ...search, signed });
  const byTestKey = subject.testKey !== undefined && !holds && madeBy(subject.testKey, signature, search);
  const cause = mostLikelyCause({
    call,
    explanation,
    at: subject.moment.at.getTime(),
    atKnown: subject.moment.known,
    signed,
    originalHead,
    originalBody,
    byTestKey,
    show: mask,
  });
  return {
    explanation,
    exitCode: exitCodeOf(explanation),
    checks: explanation.checks.map((check) => maskEvidence(check, mask)),
    cause,
    key: { ...keyReport, madeTheSignature: holds ? true : (signed?.madeByKey ?? null) },
    signingString: signingLines(call, names, originalHead?.differences ?? [], mask),
    call: { format: call.format, notes: call.notes, bodyBytes: call.body.length },
    moment: subject.moment,
    ageSeconds: holds ? ageOf(subject) : undefined,
  };
}

const failed = (explanation: Explanation, id: string): boolean =>
  explanation.checks.some((check) => check.id === id && check.result === 'failed');

function ageOf({ call, moment }: Subject): number | undefined {
  const signedAt = Date.parse(headerOf(call, 'date') ?? '');
  return moment.known && !Number.isNaN(signedAt) ? Math.round((moment.at.getTime() - signedAt) / 1000) : undefined;
}

/** 3 only when the key decides: a call that fails in another way is refused whatever the key is. */
function exitCodeOf(explanation: Explanation): 0 | 1 | 3 {
  if (explanation.genuine) return exitCodes.done;
  const codes = explanation.checks.filter((check) => check.result === 'failed').map((check) => check.code);
  return codes.every((code) => code?.startsWith('ERR_KEY_LOOKUP')) ? exitCodes.impossible : exitCodes.no;
}

async function lookAtKey(
  { keys, mask }: Subject,
  keyId: string | undefined,
): Promise<{ report: Omit<KeyReport, 'madeTheSignature'>; keys: KeyObject[] }> {
  const name = keyId === undefined ? null : mask('key name', keyId);
  if (keys.from === 'file') {
    return { report: { name, from: 'file', detail: 'the key that was given', records: [] }, keys: [keys.key] };
  }
  const nothing = (detail: string | null) => ({
    report: { name, from: 'dns' as const, detail, records: [] },
    keys: [],
  });
  if (keyId === undefined) return nothing(null);
  // The name is a stranger's: only what can be the vendor's is asked for.
  if (!/^[a-z0-9._-]{1,240}\.copernica\.com\.?$/i.test(keyId))
    return nothing('not a name of the vendor; it was not looked up');
  const published = await publishedRecords(keyId, keys.servers);
  if (published.outcome === 'failed') return nothing('no DNS server gave a usable answer');
  if (published.outcome === 'none') return nothing(published.detail);
  const records = await Promise.all(
    published.records.map(async ({ text, ttl }) => ({ ...(await describeRecord(text)), ttl })),
  );
  const found = published.records.map(({ text }) => keyInRecord(text)).filter((key) => key !== undefined);
  return { report: { name, from: 'dns', detail: `asked ${mask('host', published.server)}`, records }, keys: found };
}

function originalBodyOf(call: CapturedCall): ReturnType<typeof findOriginalBody> {
  const body = Buffer.from(call.body);
  for (const part of (headerOf(call, 'digest') ?? '').split(',')) {
    const match = /^\s*sha-(256|512)=([A-Za-z0-9+/]+=*)\s*$/i.exec(part);
    if (match === null) continue;
    const hex = Buffer.from(match[2] ?? '', 'base64').toString('hex');
    return findOriginalBody(body, match[1] === '256' ? 'sha256' : 'sha512', hex);
  }
  return undefined;
}

/** Of an RSA key a signature tells at once; for Ed25519 the text must be found. */
function madeBy(
  key: KeyObject,
  signature: Uint8Array,
  search: Omit<Parameters<typeof findOriginalHead>[0], 'signed'>,
): boolean {
  const signed: SignedText = signedText([key], signature);
  return signed.madeByKey ?? findOriginalHead({ ...search, signed }) !== undefined;
}

function signingLines(
  call: CapturedCall,
  names: readonly string[],
  differences: readonly HeadDifference[],
  mask: Mask,
): Report['signingString'] {
  return names.map((name) => {
    const different = differences.find((one) => one.name === name);
    const value = (one: string) => headerOf(call, one)?.trim();
    const parts = { method: call.method, target: call.target, created: undefined, expires: undefined, value };
    const built = buildSigningString([name], parts);
    const received = 'absent' in built ? undefined : built.text.slice(name.length + 2);
    const show = (text: string | undefined) => (text === undefined ? null : maskLine(mask, name, text));
    return { name: mask('name', name), received: show(received), signed: show(different?.signed) };
  });
}
