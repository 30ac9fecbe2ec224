import type { Call } from './call.js';
import type { Check } from './check.js';
import { type Ready, reporting } from './check-reports.js';
import { bodyChecks, headChecks } from './checks.js';
import { type Evidence, type RejectionCode, rejections } from './errors.js';

/** What became of one check. */
export interface CheckReport {
  /** The check's stable id, for instance `digest-match`. */
  readonly id: string;
  /** What holds when it passes. */
  readonly title: string;
  /** `skipped`: something that it needs is not there, because a check before it failed. */
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Only when it failed. */
  readonly code?: RejectionCode;
  /** What came and, where it failed, what was expected. */
  readonly evidence: Evidence;
}

/** A report of the whole checklist on one call. */
export interface Explanation {
  /** True when every check passed. The replay memory is not asked: looking at a call must not use it up. */
  readonly genuine: boolean;
  readonly checks: readonly CheckReport[];
  /** The text that the signature must be over; undefined when it cannot be built. */
  readonly signingString: string | undefined;
  /** RFC 7638 thumbprint of the key that verified it. */
  readonly keyThumbprint: string | undefined;
  /** The code of the first failure, and what to do about it. */
  readonly code: RejectionCode | undefined;
  readonly suggestion: string | undefined;
}

/** Runs every check, also after a failure. Never rejects. */
export async function explainCall(call: Call): Promise<Explanation> {
  const checks: CheckReport[] = [];
  for (const check of [...headChecks, ...bodyChecks]) checks.push(await report(check, call));
  const code = checks.find((check) => check.result === 'failed')?.code;
  return {
    genuine: checks.every((check) => check.result === 'passed'),
    checks,
    signingString: call.signingString,
    keyThumbprint: call.key?.thumbprint,
    code,
    suggestion: code === undefined ? undefined : rejections[code].remedy,
  };
}

async function report(check: Check, call: Call): Promise<CheckReport> {
  const { id } = check;
  const { title, ready, seen } = reporting[id] ?? { title: id };
  if (ready?.(call) === false) return { id, title, result: 'skipped', evidence: {} };
  const failure = await check.run(call);
  const evidence = { ...seen?.(call as Ready), ...failure?.evidence };
  return failure === undefined
    ? { id, title, result: 'passed', evidence }
    : { id, title, result: 'failed', code: failure.code, evidence };
}
