import { readUtc } from '#utc-time';

/** Reads `YYYY-MM-DD HH:MM:SS` as an instant. */
export type ZoneReader = (text: string) => Date | undefined;

/**
 * Makes a reader of times in a zone. A time that comes twice as clocks are set back is the earlier one; one that is
 * left out as they are set forward is read by the offset before.
 *
 * @param timeZone - an IANA name, for instance `Europe/Amsterdam`.
 * @throws TypeError when there is no such zone.
 */
export function createZoneReader(timeZone: string): ZoneReader {
  if (timeZone === 'UTC') return readUtc;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    throw new TypeError('timeZone: give an IANA name, for instance UTC or Europe/Amsterdam.', { cause: error });
  }
  const offsetAt = (instant: number): number => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
  return (text) => {
    const local = readUtc(text)?.getTime();
    if (local === undefined) return undefined;
    // The two offsets round the moment in question differ only when clocks change that day.
    const day = 86_400_000;
    const before = local - offsetAt(local - day);
    const after = local - offsetAt(local + day);
    return new Date(offsetAt(before) === local - before ? before : offsetAt(after) === local - after ? after : before);
  };
}
