import type { Colors } from 'picocolors/types.js';
import { visibleText } from '../terminal-text.js';
import { type ClockSkew, spellSkew } from './clock-skew.js';
import type { Report } from './diagnose.js';
import { jsonReport, readableReport } from './report.js';

/** A call of several. */
export interface NamedReport {
  /** As it was given. */
  readonly file: string;
  readonly report: Report;
}

/** Several reports for programs: each as it is alone, with its file, and what they say together. */
export function jsonReports(named: readonly NamedReport[], skew: ClockSkew | undefined): Record<string, unknown> {
  const calls = named.map(({ file, report }) => ({ file, ...jsonReport(report) }));
  const refused = calls.find((call) => !('genuine' in call && call.genuine));
  const { code, message, hint } = (refused ?? {}) as Record<string, unknown>;
  return {
    ok: refused === undefined,
    ...(code !== undefined && { code, message, hint }),
    genuine: refused === undefined,
    clock: skew ?? null,
    calls,
  };
}

/** The same for people. */
export function readableReports(named: readonly NamedReport[], skew: ClockSkew | undefined, color: Colors): string {
  const parts = named.map(
    ({ file, report }) => `${color.bold(`== ${visibleText(file)}`)}\n${readableReport(report, color)}`,
  );
  const genuine = named.filter(({ report }) => report.explanation.genuine).length;
  parts.push(`${color.bold(`== ${genuine} of ${named.length} calls are genuine.`)}\n`);
  if (skew !== undefined) parts.push(`${spellSkew(skew)}\n`);
  return parts.join('\n');
}
