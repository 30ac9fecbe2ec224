const dayNames = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/**
 * Reads an IMF-fixdate, the only form that a sender may write: `day-name "," SP date1 SP time-of-day SP GMT` (RFC 9110
 * section 5.6.7), exactly 29 characters, each part in its place. The obsolete forms, and whatever else `Date.parse`
 * takes, are refused; so are days that do not exist and a day name that is not that day's.
 *
 * @returns milliseconds since 1970, or undefined.
 */
export function parseHttpDate(text: string): number | undefined {
  if (text.length !== 29 || !text.endsWith(' GMT') || text[3] !== ',' || text[19] !== ':' || text[22] !== ':') {
    return undefined;
  }
  if (text[4] !== ' ' || text[7] !== ' ' || text[11] !== ' ' || text[16] !== ' ') return undefined;
  const day = twoDigits(text, 5);
  const month = monthNames.indexOf(text.slice(8, 11));
  const year = twoDigits(text, 12) * 100 + twoDigits(text, 14);
  const hours = twoDigits(text, 17);
  const minutes = twoDigits(text, 20);
  // 60 is a leap second (RFC 9110): the instant is that of the following second.
  const seconds = twoDigits(text, 23);
  // Written so that a part that is no number refuses.
  if (!(month >= 0 && year >= 1970 && day >= 1 && hours <= 23 && minutes <= 59 && seconds <= 60)) return undefined;
  const midnight = Date.UTC(year, month, day);
  const isDayOfMonth = day <= 28 || midnight < Date.UTC(year, month + 1, 1);
  if (!isDayOfMonth || dayNames[(midnight / DAY_MS) % 7] !== text.slice(0, 3)) return undefined;
  return midnight + (hours * 3600 + minutes * 60 + seconds) * 1000;
}

/** NaN where they are not two digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const units = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}
