import { misuse } from './failure.js';

/** One id goes with all urls; several pair up with them in order. @throws Failure of misuse. */
export function pairEndpoints(ids: readonly string[], urls: readonly string[]): { id: string; url: string }[] {
  if (ids.length !== 1 && ids.length !== urls.length) {
    throw misuse(
      `There are ${ids.length} --id and ${urls.length} --url: give one --id for all, or one for each --url.`,
    );
  }
  return urls.map((url, i) => ({ id: ids[ids.length === 1 ? 0 : i] ?? '', url }));
}
