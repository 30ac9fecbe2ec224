/** Reads `YYYY-MM-DD HH:MM:SS`, with a space or a T, as UTC; undefined when there is no such time. */
export function readUtc(text: string): Date | undefined {
  if (text.length !== 19 || text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':')
    return undefined;
  if (text[10] !== ' ' && text[10] !== 'T') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const exists = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year);
  // A leap second is the first one of the next minute.
  if (!(exists && hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC takes years below 100 for those of the last century.
  if (year < 100) {
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second);
  }
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
