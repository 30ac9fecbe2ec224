import type { readUtc as full } from './utc-time.js';

/** What a date writes of itself is what is asked for, so a day that does not exist is not taken; a leap second is the next one. */
export const readUtc: typeof full = (text) => {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  const written = `${day}T${time?.replace(/60$/, '59')}.000Z`;
  const instant = Date.parse(written);
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== written) return undefined;
  return new Date(time?.endsWith('60') ? instant + 1000 : instant);
};
