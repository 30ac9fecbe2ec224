import { createColors } from 'picocolors';

/**
 * Whether lines for people are coloured: on a terminal that can, or where FORCE_COLOR asks for it. NO_COLOR decides
 * over all (https://no-color.org). A pipe of a CI job is no terminal.
 */
export function wantsColor(
  environment: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean },
): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force = '', TERM: term = '' } = environment;
  if (no !== '') return false;
  if (force !== '') return force !== '0';
  return stream.isTTY === true && term !== 'dumb';
}

/** The colours of stdout. */
export const color = createColors(wantsColor(process.env, process.stdout));
