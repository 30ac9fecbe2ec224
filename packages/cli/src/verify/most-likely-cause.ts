import type { CheckReport, Explanation, RejectionCode } from '@smtpeter-webhooks/verify';
import { type CapturedCall, headerOf } from '../captured/captured-call.js';
import type { Cause, CauseId } from './causes.js';
import type { OriginalBody } from './original-body.js';
import type { HeadDifference, OriginalHead } from './original-head.js';
import { isReordered } from './query-orders.js';
import type { SignedText } from './signed-text.js';

/** All that is known of a call that was refused. */
export interface Findings {
  readonly call: CapturedCall;
  readonly explanation: Explanation;
  /** The moment at which it is judged, in milliseconds; and whether that is known to be the moment of receipt. */
  readonly at: number;
  readonly atKnown: boolean;
  /** Undefined when there is no key, or no signature. */
  readonly signed: SignedText | undefined;
  readonly originalHead: OriginalHead | undefined;
  readonly originalBody: OriginalBody | undefined;
  /** True when the test key that was given made the signature. */
  readonly byTestKey: boolean;
  /** Shows a received text, cleaned or masked. */
  readonly show: (kind: 'host' | 'path' | 'id' | 'name' | 'value', text: string) => string;
}

/** One cause: what is proven first, then what is most likely. Undefined when nothing failed. */
export function mostLikelyCause(findings: Findings): Cause | undefined {
  const { explanation } = findings;
  if (explanation.genuine) return undefined;
  return (
    unsignedOrDropped(findings) ??
    keyCause(findings) ??
    genuineElsewhere(findings) ??
    bodyCause(findings) ??
    headCause(findings) ??
    anotherKey(findings) ?? { id: 'forged', proven: false, detail: undefined }
  );
}

function cause(id: CauseId, proven: boolean, detail?: string): Cause {
  return { id, proven, detail };
}

const failed = (explanation: Explanation, id: string): CheckReport | undefined =>
  explanation.checks.find((check) => check.id === id && check.result === 'failed');
const passed = (explanation: Explanation, id: string): boolean =>
  explanation.checks.some((check) => check.id === id && check.result === 'passed');
const codeOf = (explanation: Explanation, id: string): RejectionCode | undefined => failed(explanation, id)?.code;

function unsignedOrDropped({ explanation, call, show }: Findings): Cause | undefined {
  const evidence = failed(explanation, 'required-headers')?.evidence;
  const missing = listOf(evidence?.['missing']);
  if (missing.includes('signature') && missing.includes('digest') && missing.includes('x-copernica-id')) {
    return cause('unsigned', true);
  }
  if (missing.length > 0) return cause('header-dropped', true, missing.map((name) => show('name', name)).join(', '));
  const repeated = listOf(evidence?.['repeated']);
  if (repeated.length > 0) return cause('header-doubled', true, repeated.map((name) => show('name', name)).join(', '));
  const covered = failed(explanation, 'covered-headers');
  if (covered?.code === 'ERR_SIGNATURE_LIST_INVALID') {
    const name = String(covered.evidence['name']);
    const absent = headerOf(call, name) === undefined;
    return cause(absent ? 'header-dropped' : 'header-doubled', true, show('name', name));
  }
  if (failed(explanation, 'signature-header') !== undefined) return cause('signature-header-changed', false);
  return undefined;
}

/** The key itself is not one to verify with. */
function keyCause({ explanation, byTestKey, call, atKnown }: Findings): Cause | undefined {
  if (byTestKey) return cause('test-key', true);
  const code = codeOf(explanation, 'key');
  if (codeOf(explanation, 'key-id') !== undefined) return cause('test-key', false);
  switch (code) {
    case undefined:
      return undefined;
    case 'ERR_KEY_NOT_FOUND': {
      const ageDays = (Date.now() - Date.parse(headerOf(call, 'date') ?? '')) / 86_400_000;
      // Keys rotate once a month (vendor documentation), and an old one may be taken out of DNS.
      if (ageDays > 1 && atKnown) return cause('rotated-key', false, 'its name is gone from DNS');
      return looksInvented(call) ? cause('test-key', false) : cause('key-not-published', true);
    }
    case 'ERR_KEY_REVOKED':
      return cause('key-revoked', true);
    case 'ERR_KEY_UNUSABLE':
      return cause('key-not-published', false, 'there is a record, and no usable key in it');
    default:
      return cause('key-unavailable', true);
  }
}

/** The signature holds over what came, so nothing that is signed was touched. */
function genuineElsewhere({ explanation, call, at, atKnown, show }: Findings): Cause | undefined {
  if (!passed(explanation, 'signature')) return undefined;
  if (failed(explanation, 'host'))
    return cause('another-url', true, `it is for ${show('host', headerOf(call, 'host') ?? '')}`);
  if (failed(explanation, 'path'))
    return cause('another-url', true, `it is for ${show('path', call.target.split('?')[0] ?? '')}`);
  if (failed(explanation, 'identity'))
    return cause('another-identity', true, show('id', headerOf(call, 'x-copernica-id') ?? ''));
  if (failed(explanation, 'digest-match')) return undefined;
  if (failed(explanation, 'transport'))
    return cause('tls-ended-by-proxy', /https/i.test(headerOf(call, 'x-forwarded-proto') ?? ''));
  return failed(explanation, 'date') ? clockCause(headerOf(call, 'date') ?? '', at, atKnown) : undefined;
}

/** Half-hour zones exist; what is left after whole ones is the time on the way. */
function clockCause(date: string, at: number, atKnown: boolean): Cause {
  const seconds = Math.round((at - Date.parse(date)) / 1000);
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  if (!atKnown && seconds > 0) return cause('old-capture', false, `signed ${spell(seconds)} ago`);
  const halfHours = Math.round(seconds / 1800);
  const rest = Math.abs(seconds - halfHours * 1800);
  if (halfHours !== 0 && Math.abs(halfHours) <= 28 && rest <= 60) {
    return cause(
      'time-zone',
      false,
      `this machine's clock is ${halfHours === 0 ? '' : Math.abs(halfHours) / 2} h ${direction} the sender's`,
    );
  }
  return cause('clock-skew', false, `this machine's clock is ${spell(Math.abs(seconds))} ${direction} the sender's`);
}

function spell(seconds: number): string {
  if (seconds < 7200) return `${seconds} s`;
  return seconds < 172_800 ? `${Math.round(seconds / 360) / 10} h` : `${Math.round(seconds / 8640) / 10} days`;
}

function bodyCause({ explanation, originalBody, call, signed }: Findings): Cause | undefined {
  if (failed(explanation, 'digest-match') === undefined) return undefined;
  // A foreign signature says nothing about bodies.
  if (signed?.madeByKey === false) return undefined;
  if (originalBody !== undefined) {
    const bytes = `${call.body.length} bytes came, ${originalBody.body.length} were signed`;
    return cause(originalBody.change, true, bytes);
  }
  if (!passed(explanation, 'signature') && signed?.madeByKey !== true) return undefined;
  const length = Number(headerOf(call, 'content-length') ?? Number.NaN);
  if (call.body.length < length) return cause('cut', true, `${call.body.length} of ${length} bytes came`);
  if (call.body[0] === 0x1f && call.body[1] === 0x8b) return cause('compressed', false);
  return cause('body-changed', true, `${call.body.length} bytes came`);
}

function headCause({ originalHead, signed, show }: Findings): Cause | undefined {
  if (originalHead !== undefined) {
    const { differences } = originalHead;
    const first =
      differences.find(({ name }) => name === 'host') ??
      differences.find(({ name }) => name === '(request-target)') ??
      differences[0];
    if (first !== undefined) return differenceCause(first, show);
  }
  return signed?.madeByKey === true ? cause('head-changed', true) : undefined;
}

function differenceCause({ name, received, signed }: HeadDifference, show: Findings['show']): Cause {
  if (name === 'host') {
    return cause('host-rewritten', true, `${show('host', received ?? '')} came, ${show('host', signed)} was signed`);
  }
  if (name !== '(request-target)') return cause('header-rewritten', true, show('name', name));
  const [cameFrom = '', cameQuery] = (received ?? '').replace(/^\S+ /, '').split('?');
  const [was = '', wasQuery] = signed.replace(/^\S+ /, '').split('?');
  const detail = `${show('path', cameFrom)} came, ${show('path', was)} was signed`;
  if (cameFrom === was) return cause('query-rewritten', true, queryDetail(cameQuery, wasQuery));
  if (was.endsWith(cameFrom) && cameFrom !== '') return cause('prefix-stripped', true, detail);
  return cause(cameFrom.endsWith(was) && was !== '' ? 'prefix-added' : 'path-rewritten', true, detail);
}

function queryDetail(came: string | undefined, was: string | undefined): string | undefined {
  if (came === undefined) return 'it was taken away';
  if (was === undefined) return 'one was added';
  return isReordered(came, was) ? 'its parameters came in another order' : undefined;
}

/** The signature is not of a published key. */
function anotherKey({ explanation, signed, call }: Findings): Cause | undefined {
  if (failed(explanation, 'signature') === undefined || signed?.madeByKey === true) return undefined;
  return looksInvented(call) ? cause('test-key', false) : cause('rotated-key', false);
}

/** Addresses that are reserved for examples (RFC 2606, RFC 5737), as our own sender invents them. */
function looksInvented({ body }: CapturedCall): boolean {
  const text = Buffer.from(body).toString('latin1');
  return /(?:@|%40)example\.(?:org|com|net)|\b192\.0\.2\.\d/.test(text);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
