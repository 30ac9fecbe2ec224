import type { EventValue } from './encode-body.js';
import type { SampleKind } from './sample-event.js';

/** What a sample is made from. */
export interface Moment {
  readonly now: Date;
  readonly number: number;
}

type Fields = Record<string, EventValue>;

const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

/** How each kind is made. Field names are the vendor's (vendor documentation: webhooks); the values are invented. */
export const samples: Record<SampleKind, (moment: Moment) => Fields> = {
  open: (moment) => ({
    ...message('open', moment),
    ip: '192.0.2.17',
    useragent: userAgent,
    referer: 'https://mail.example.org/',
    tags: ['newsletter', 'october'],
  }),
  click: (moment) => ({
    ...message('click', moment),
    ip: '2001:db8::17',
    original: 'https://example.com/offer?item=1&from=mail',
    useragent: userAgent,
    tags: ['newsletter', 'october'],
  }),
  delivery: (moment) => ({
    ...message('delivery', moment),
    code: 250,
    extended: '2.0.0',
    description: 'OK: queued as 4XyZ12abc',
    tags: ['newsletter', 'october'],
  }),
  failure: (moment) => ({
    ...message('failure', moment),
    action: 'failure',
    state: 'rcptto',
    code: 550,
    extended: '5.1.1',
    description: 'The email account that you tried to reach does not exist',
    tags: ['newsletter', 'october'],
  }),
  bounce: (moment) => ({
    ...message('bounce', moment),
    envelope: `bounce-${moment.number}@bounces.example.com`,
    mime: deliveryStatusNotification(moment),
    tags: ['newsletter', 'october'],
  }),
  abuse: (moment) => ({
    id: messageId(moment),
    type: 'abuse',
    emailfrom: 'jane@example.org',
    mime: abuseReport(moment),
  }),
  unsubscribe: (moment) => ({
    id: messageId(moment),
    type: 'unsubscribe',
    ...times(moment),
    database: 12,
    profile: 3000 + moment.number,
    mailing: 77,
  }),
  'profile.create': (moment) => ({
    id: 3000 + moment.number,
    type: 'create',
    ...profile(moment),
    ...content(moment),
    interests: { blue: 1, red: 0 },
  }),
  'profile.update': (moment) => ({
    id: 3000 + moment.number,
    type: 'update',
    ...profile(moment),
    ...content(moment),
    interests: { blue: 0, red: 1 },
  }),
  'profile.delete': (moment) => ({ type: 'delete', ...profile(moment), fields: fields(moment) }),
  'subprofile.create': (moment) => ({
    id: 9000 + moment.number,
    type: 'create',
    ...subprofile(moment),
    ...content(moment),
  }),
  'subprofile.update': (moment) => ({
    id: 9000 + moment.number,
    type: 'update',
    ...subprofile(moment),
    ...content(moment),
  }),
  'subprofile.delete': (moment) => ({ type: 'delete', ...subprofile(moment), fields: fields(moment) }),
};

function messageId({ number }: Moment): string {
  return `msg${String(number).padStart(8, '0')}`;
}

function message(type: string, moment: Moment): Fields {
  return { id: messageId(moment), type, ...times(moment), recipient: recipient(moment) };
}

function recipient({ number }: Moment): string {
  return number === 1 ? 'jane@example.org' : `jane+${number}@example.org`;
}

function times({ now }: Moment): Fields {
  return { timestamp: text(now), time: Math.floor(now.getTime() / 1000) };
}

/** `YYYY-MM-DD HH:MM:SS`, in UTC here. */
function text(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

function profile(moment: Moment): Fields {
  return { ...times(moment), profile: 3000 + moment.number, database: 12 };
}

function subprofile(moment: Moment): Fields {
  return { ...profile(moment), subprofile: 5000 + moment.number, collection: 34 };
}

function content(moment: Moment): Fields {
  return {
    parameters: { mail: recipient(moment) },
    created: text(new Date(moment.now.getTime() - 86_400_000)),
    modified: text(moment.now),
    fields: fields(moment),
  };
}

function fields(moment: Moment): Fields {
  return { firstname: 'Jané', lastname: "O'Neill & Söhne", email: recipient(moment), score: '42', note: '' };
}

/** RFC 3464. */
function deliveryStatusNotification(moment: Moment): string {
  return lines(
    'From: MAILER-DAEMON@mx.example.org',
    `To: bounce-${moment.number}@bounces.example.com`,
    'Subject: Undelivered Mail Returned to Sender',
    `Date: ${moment.now.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Your message could not be delivered to one or more recipients.',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    `Final-Recipient: rfc822; ${recipient(moment)}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
    '--b1',
    'Content-Type: text/rfc822-headers',
    '',
    'Subject: News of October',
    `To: ${recipient(moment)}`,
    '--b1--',
  );
}

/** RFC 5965. */
function abuseReport(moment: Moment): string {
  return lines(
    'From: feedback@isp.example',
    'To: abuse@example.com',
    'Subject: FW: News of October',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b2"',
    '',
    '--b2',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '--b2',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Example/1.0',
    'Version: 1',
    `Original-Rcpt-To: ${recipient(moment)}`,
    '--b2--',
  );
}

function lines(...list: string[]): string {
  return `${list.join('\r\n')}\r\n`;
}
