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

function readUtc(text: string): Date | undefined {
  if (text.length !== 19 || text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':')
    return undefined;
  if (text[10] !== ' ' && text[10] !== 'T') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year);
  // A leap second is the first one of the next minute.
  if (!(exists && hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC takes years below 100 for those of the last century.
  if (year < 100) date.setUTCFullYear(year);
  return date;
}

/** The number that some digits stand for; NaN when they are none. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(month: number, year: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
