import { encodeLatin1 } from '#text';
import type { Problem } from './problem.js';

/**
 * The octets of a field's text. Where they were not UTF-8 the text was read as Latin-1, one character an octet, and
 * so it is written again.
 */
export function bytesOfText(
  text: string | undefined,
  field: string,
  problems: readonly Problem[],
): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const isLatin1 = problems.some((one) => one.code === 'not-utf8' && (one.field === field || one.field === ''));
  return (isLatin1 ? encodeLatin1(text) : undefined) ?? new TextEncoder().encode(text);
}
