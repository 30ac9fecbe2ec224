import { describe, expect, it } from 'vitest';
import { normalize, parseEvent, toCloudEvent } from './index.js';

const parse = (fields: Record<string, unknown>) =>
  parseEvent({ body: Buffer.from(JSON.stringify(fields)), identity: 'environment-1234', key: 'abc' });
const view = (fields: Record<string, unknown>) => normalize(parse(fields));
const report = (action: string, status: string) =>
  `From: MAILER-DAEMON@example.org\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: ${action}\r\nStatus: ${status} (text)\r\nDiagnostic-Code: smtp; 550 no such user\r\n--b--`;

describe('in the words of others', () => {
  it.each([
    [{ type: 'open' }, 'opened', null],
    [{ type: 'click' }, 'clicked', null],
    [{ type: 'delivery', code: 250 }, 'delivered', null],
    [{ type: 'failure', extended: '5.1.1' }, 'bounced', 'invalid'],
    [{ type: 'failure', extended: '4.4.7' }, 'bounced', 'timed_out'],
    [{ type: 'failure', extended: '5.7.1' }, 'bounced', 'blocked'],
    [{ type: 'failure', extended: '5.2.2' }, 'bounced', 'bounced'],
    [{ type: 'failure', code: 550 }, 'bounced', 'bounced'],
    [{ type: 'failure', state: 'bounce' }, 'bounced', 'bounced'],
    [{ type: 'failure' }, 'failed', 'other'],
    [{ type: 'bounce', mime: report('failed', '5.1.1') }, 'bounced', 'invalid'],
    [{ type: 'bounce', mime: report('Delayed', '4.4.1') }, 'deferred', 'timed_out'],
    [{ type: 'bounce', mime: report('delivered', '2.0.0') }, 'delivered', null],
    [{ type: 'bounce', mime: 'Auto-Submitted: auto-replied (vacation)\r\n\r\nI am away' }, 'autoresponded', null],
    [{ type: 'bounce', mime: 'Subject: Hello\r\n\r\nAuto-Submitted: auto-replied\r\nAction: failed' }, 'unknown', null],
    [{ type: 'bounce' }, 'unknown', null],
    [{ type: 'abuse' }, 'complained', 'spam'],
    [{ type: 'unsubscribe' }, 'unsubscribed', 'unsubscribed'],
    [{ type: 'tomorrow' }, 'unknown', null],
  ])('%j', (fields, type, reason) => {
    expect(view(fields)).toMatchObject({ type, reason });
  });

  it('an event about a profile has none', () => {
    expect(view({ type: 'update', profile: 1 })).toBeNull();
    expect(view({ type: 'delete', subprofile: 1 })).toBeNull();
  });

  it('the answer of the server is there, as far as it came', () => {
    const fields = { type: 'failure', code: 550, extended: '5.1.1', description: 'no such user' };
    expect(view(fields)).toMatchObject({ mtaResponse: '550 5.1.1 no such user', description: 'no such user' });
    expect(view({ type: 'failure' })).toMatchObject({ mtaResponse: null, description: null });
    expect(view({ type: 'bounce', mime: report('failed', '5.1.1') })).toMatchObject({
      mtaResponse: '550 no such user',
    });
  });
});

describe('as a CloudEvent', () => {
  it('it has the attributes of version 1.0', () => {
    const event = parse({ type: 'open', id: 'm1', time: 1767323045 });
    expect(toCloudEvent(event)).toEqual({
      specversion: '1.0',
      id: 'abc',
      source: 'environment-1234',
      type: 'com.copernica.open',
      time: '2026-01-02T03:04:05.000Z',
      subject: 'm1',
      datacontenttype: 'application/json',
      data: JSON.parse(JSON.stringify(event)),
    });
  });

  it('its subject is what the event is about', () => {
    const subject = (fields: Record<string, unknown>) => toCloudEvent(parse(fields)).subject;
    expect(subject({ type: 'update', id: 1, profile: 2 })).toBe('2');
    expect(subject({ type: 'update', id: 1, profile: 2, subprofile: 3 })).toBe('3');
    expect(subject({ type: 'tomorrow', id: 1 })).toBeUndefined();
  });
});
