import { group } from '../case.testing.js';
import { headerOf, set } from '../draft.testing.js';

const { cases, refused, harmless } = group('Date');

export { cases };

const invalid = 'ERR_DATE_INVALID';
const shifted = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
const dated = (write: (now: string) => string) => (d: Parameters<Parameters<typeof refused>[3]>[0]) =>
  set(d, 'Date', write(headerOf(d, 'Date')));

refused(
  'date-old',
  'signed 301 seconds ago',
  'ERR_DATE_TOO_OLD',
  dated(() => shifted(-301)),
);
refused(
  'date-year-old',
  'signed a year ago',
  'ERR_DATE_TOO_OLD',
  dated(() => shifted(-31_536_000)),
);
refused(
  'date-epoch',
  'signed in 1970',
  'ERR_DATE_TOO_OLD',
  dated(() => 'Thu, 01 Jan 1970 00:00:00 GMT'),
);
refused(
  'date-future',
  'signed 310 seconds ahead',
  'ERR_DATE_IN_FUTURE',
  dated(() => shifted(310)),
  { vendorAccepts: 'it sets no limit on dates in the future' },
);
refused(
  'date-far-future',
  'signed for the year 9999',
  'ERR_DATE_IN_FUTURE',
  dated(() => 'Fri, 31 Dec 9999 23:59:59 GMT'),
  { vendorAccepts: 'it sets no limit on dates in the future' },
);
refused(
  'date-now',
  'the word now',
  invalid,
  dated(() => 'now'),
  { vendorAccepts: 'it accepts now and +1 year as a Date' },
);
refused(
  'date-plus-year',
  '+1 year',
  invalid,
  dated(() => '+1 year'),
  { vendorAccepts: 'it accepts now and +1 year as a Date' },
);
refused(
  'date-iso',
  'an ISO date',
  invalid,
  dated(() => new Date().toISOString()),
);
refused(
  'date-seconds',
  'seconds since 1970',
  invalid,
  dated(() => String(Math.floor(Date.now() / 1000))),
);
refused(
  'date-rfc850',
  'the obsolete form with two digits of the year',
  invalid,
  dated(() => {
    const [day = '', rest = ''] = new Date().toUTCString().split(', ');
    const long = {
      Sun: 'Sunday',
      Mon: 'Monday',
      Tue: 'Tuesday',
      Wed: 'Wednesday',
      Thu: 'Thursday',
      Fri: 'Friday',
      Sat: 'Saturday',
    };
    const [date = '', month = '', year = '', time = ''] = rest.split(' ');
    return `${long[day as keyof typeof long]}, ${date}-${month}-${year.slice(2)} ${time} GMT`;
  }),
);
refused(
  'date-asctime',
  'the obsolete form of C',
  invalid,
  dated(() => {
    const [day = '', date = '', month = '', year = '', time = ''] = new Date().toUTCString().split(/,? /);
    return `${day} ${month} ${date} ${time} ${year}`;
  }),
);
refused(
  'date-other-zone',
  'another zone than GMT, an hour old',
  invalid,
  dated((now) => now.replace('GMT', '+0100')),
);
refused(
  'date-utc',
  'UTC for GMT',
  invalid,
  dated((now) => now.replace('GMT', 'UTC')),
);
refused(
  'date-wrong-weekday',
  'a weekday that is not that of the date',
  invalid,
  dated((now) => `${now.startsWith('Mon') ? 'Tue' : 'Mon'}${now.slice(3)}`),
);
refused(
  'date-no-such-day',
  'the 31st of February',
  invalid,
  dated((now) => `Sat, 31 Feb${now.slice(11)}`),
);
refused(
  'date-hour-24',
  'the hour 24',
  invalid,
  dated((now) => now.replace(/ \d\d:/, ' 24:')),
);
refused(
  'date-trailing-text',
  'something behind the date',
  invalid,
  dated((now) => `${now} x`),
);
refused(
  'date-lower-case',
  'the date in lower case',
  invalid,
  dated((now) => now.toLowerCase()),
);
refused(
  'date-not-ascii-digits',
  'digits of another script, as octets',
  invalid,
  dated((now) => now.replace(/\d{4}/, '\u00b2\u00b2\u00b2\u00b2')),
);
refused('date-changed', 'a fresh Date on an old signature', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.lines['date'] = shifted(-3600);
});
refused('date-x-date', 'an old Date, and a fresh X-Date beside it', 'ERR_DATE_TOO_OLD', (d) => {
  d.headers.push(['X-Date', headerOf(d, 'Date')]);
  set(d, 'Date', shifted(-3600));
});
harmless(
  'date-290-old',
  'signed 290 seconds ago, which is allowed',
  dated(() => shifted(-290)),
);
