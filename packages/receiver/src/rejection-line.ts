import { cleanText } from './log.js';
import type { Rejection } from './rejection.js';

/** One log line of a refusal: the code, what came and what was expected, and what to do. */
export function rejectionLine(rejection: Rejection, leftOut: number): string {
  const { status, code, reason, evidence, remoteAddress, hint, remedy } = rejection;
  const seen = Object.entries(evidence).map(([name, value]) => `${name}: ${describe(value)}`);
  if (remoteAddress !== undefined) seen.push(`from: ${cleanText(remoteAddress)}`);
  const parts = [`refused a call with ${status}, ${code}: ${reason}`];
  if (seen.length > 0) parts.push(`[${seen.join('; ')}]`);
  parts.push(hint ?? remedy);
  if (leftOut > 0) parts.push(`(${leftOut} more of this kind were not logged)`);
  return parts.join(' ');
}

function describe(value: Rejection['evidence'][string]): string {
  if (Array.isArray(value))
    return value
      .slice(0, 8)
      .map((one) => cleanText(String(one)))
      .join(', ');
  return cleanText(String(value));
}
