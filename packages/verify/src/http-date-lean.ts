import type { parseHttpDate as full } from './http-date.js';

/** What a date writes of itself is the form that is asked for, so only that is taken; a leap second is the next one. */
export const parseHttpDate: typeof full = (text) => {
  const written = text.replace(':60 GMT', ':59 GMT');
  const instant = Date.parse(written);
  // A year of five digits is written, too.
  if (text.length !== 29 || !(instant >= 0) || new Date(instant).toUTCString() !== written) return undefined;
  return written === text ? instant : instant + 1000;
};
