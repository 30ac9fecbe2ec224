import { rejections } from '@smtpeter-webhooks/verify';
import type { Colors } from 'picocolors/types.js';
import { safeText } from '../terminal-text.js';
import { causes } from './causes.js';
import type { Report } from './diagnose.js';
import { visible } from './mask.js';

/** The report for programs: a stable contract. */
export function jsonReport(report: Report): Record<string, unknown> {
  const { explanation, cause, checks, key, signingString, call, moment } = report;
  const { genuine, code } = explanation;
  const told = cause === undefined ? null : { ...cause, detail: cause.detail ?? null, ...causes[cause.id] };
  return {
    ok: genuine,
    ...(code !== undefined && told !== null && { code, message: told.title, hint: told.remedy }),
    genuine,
    cause: told,
    checks,
    signingString,
    key,
    call,
    judgedAt: moment.ignored ? null : moment.at.toISOString(),
  };
}

/** The report for people. */
export function readableReport(report: Report, color: Colors): string {
  const { explanation, cause, key, call, moment } = report;
  const lines: string[] = [];
  lines.push(explanation.genuine ? color.green('This call is genuine.') : color.red('This call is not genuine.'));
  if (cause !== undefined) {
    const { title, remedy } = causes[cause.id];
    lines.push('', `${color.bold(cause.proven ? 'What happened:' : 'Most likely:')} ${title} (${cause.id})`);
    if (cause.detail !== undefined) lines.push(`  ${safeText(cause.detail)}`);
    lines.push(`  ${remedy}`);
  }
  lines.push('', color.bold('The checklist'), ...checkLines(report, color));
  lines.push('', color.bold('What is signed'), ...signingLines(report, color));
  lines.push('', color.bold('The key'), ...keyLines(report));
  lines.push('', `${call.format}, ${call.bodyBytes} bytes of body; ${judged(moment)}`);
  for (const note of call.notes) lines.push(color.yellow(`note: ${note}`));
  if (key.name !== null && key.from === 'dns') lines.push(`See also: smtpeter-webhooks key ${safeText(key.name)}`);
  return `${lines.join('\n')}\n`;
}

function judged({ at, known, ignored }: Report['moment']): string {
  if (ignored) return 'its age was not looked at';
  return `its age judged ${known ? 'at its receipt' : 'now'}, ${at.toISOString()}`;
}

function checkLines({ checks }: Report, color: Colors): string[] {
  const marks = { passed: color.green('passed '), failed: color.red('FAILED '), skipped: color.dim('skipped') };
  return checks.flatMap((check) => {
    const line = `  ${marks[check.result]} ${check.title}`;
    if (check.result === 'skipped') return [`${line} ${color.dim('(a check before it failed)')}`];
    if (check.result === 'passed' || check.code === undefined) return [line];
    const evidence = Object.entries(check.evidence)
      .filter(([name]) => name !== 'signingString')
      .map(
        ([name, value]) => `${name}: ${Array.isArray(value) ? value.map(safeText).join(', ') : visible(String(value))}`,
      );
    return [
      line,
      `          ${color.bold(check.code)} ${rejections[check.code].meaning}`,
      `          ${evidence.join('; ')}`,
    ];
  });
}

function signingLines({ signingString }: Report, color: Colors): string[] {
  if (signingString.length === 0) return ['  nothing that can be read'];
  return signingString.flatMap(({ name, received, signed }) => {
    const came = received === null ? color.red('(did not come)') : visible(received);
    if (signed === null) return [`    ${safeText(name)}: ${came}`];
    return [
      color.red(`  - ${safeText(name)}: ${received === null ? '(did not come)' : visible(received)}`),
      color.green(`  + ${safeText(name)}: ${visible(signed)}   ${difference(received ?? '', signed)}`),
    ];
  });
}

/** In what two values differ. */
function difference(received: string, signed: string): string {
  if (received.replace(/\s/g, '') === signed.replace(/\s/g, '')) return '(white space differs)';
  return received.toLowerCase() === signed.toLowerCase() ? '(letter case differs)' : '(this was signed)';
}

function keyLines({ key }: Report): string[] {
  const lines = [
    `  ${safeText(key.name ?? 'no name that can be read')}${key.detail === null ? '' : ` (${safeText(key.detail)})`}`,
  ];
  for (const record of key.records) {
    const what = record.thumbprint === null ? record.kind : `${record.type} ${record.bits} bits, ${record.thumbprint}`;
    lines.push(`  ${what}${record.ttl === null ? '' : `, TTL ${record.ttl} s`}`);
    for (const problem of record.problems) lines.push(`    ${safeText(problem)}`);
  }
  if (key.madeTheSignature !== null) {
    lines.push(
      `  ${key.madeTheSignature ? 'It made the signature.' : 'It did not make the signature: another key did.'}`,
    );
  }
  return lines;
}
