import { InboxError } from './errors.js';

/**
 * Does something with many in one go. When it is not the database that is at fault but one of them, the others must not
 * pay for it: they are tried again in halves, until what spoils them is alone. Gives for each its result, or its error.
 * Rejects when nothing can be done for any.
 */
export async function apart<T, R>(
  items: readonly T[],
  run: (items: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly (R | Error)[]> {
  try {
    return await run(items);
  } catch (error) {
    const ofTheStore = error instanceof InboxError && error.code !== 'ERR_INBOX_FAILED';
    if (ofTheStore || !(error instanceof Error)) throw error;
    if (items.length < 2) return items.map(() => error);
    const half = Math.ceil(items.length / 2);
    return [...(await apart(items.slice(0, half), run)), ...(await apart(items.slice(half), run))];
  }
}
