/** IMF-fixdate = day-name "," SP date1 SP time-of-day SP GMT (RFC 9110 section 5.6.7): exactly 29 characters. */
const imfFixdate = /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat), (\d\d) ([A-Z][a-z][a-z]) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads an IMF-fixdate, the only form that a sender may write. The obsolete forms, and whatever else `Date.parse`
 * takes, are refused; so are days that do not exist and a day name that is not that day's.
 *
 * @returns milliseconds since 1970, or undefined.
 */
export function parseHttpDate(text: string): number | undefined {
  const match = text.length === 29 ? imfFixdate.exec(text) : null;
  if (match === null) return undefined;
  const [, dayName = '', day, monthName = '', year, hours, minutes, seconds] = match;
  const month = monthNames.indexOf(monthName);
  const fullYear = Number(year);
  if (month < 0 || fullYear < 1970 || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  // 60 is a leap second (RFC 9110): the instant is that of the following second.
  if (Number(seconds) > 60) return undefined;
  const date = new Date(Date.UTC(fullYear, month, Number(day)));
  if (date.getUTCDate() !== Number(day) || dayNames[date.getUTCDay()] !== dayName) return undefined;
  return date.getTime() + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
