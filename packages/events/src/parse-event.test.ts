import { describe, expect, it } from 'vitest';
import { createEventParser, type EventKind, type EventOf, parseEvent, parseStored, StoredEventError } from './index.js';

const about = { identity: 'account-1234', key: 'k' };
const form = (body: string, options = {}) =>
  parseEvent(
    { body: Buffer.from(body, 'latin1'), contentType: 'application/x-www-form-urlencoded', ...about },
    options,
  );
const as = <K extends EventKind>(kind: K, body: string): EventOf<K> => {
  const event = form(body);
  if (event.kind !== kind) throw new Error(`It is ${event.kind}.`);
  return event as EventOf<K>;
};

describe('an event', () => {
  it('is an instant in the zone that was said', () => {
    const time = (body: string, timeZone: string) => form(`type=open&${body}`, { timeZone }).occurredAt?.toISOString();
    expect(time('timestamp=2026-07-01+12:00:00', 'UTC')).toBe('2026-07-01T12:00:00.000Z');
    expect(time('timestamp=2026-07-01+12:00:00', 'Europe/Amsterdam')).toBe('2026-07-01T10:00:00.000Z');
    // Twice and never, as clocks change.
    expect(time('timestamp=2026-10-25+02:30:00', 'Europe/Amsterdam')).toBe('2026-10-25T00:30:00.000Z');
    expect(time('timestamp=2026-03-29+02:30:00', 'Europe/Amsterdam')).toBe('2026-03-29T01:30:00.000Z');
    expect(time('time=1767323045&timestamp=2026-07-01+12:00:00', 'Europe/Amsterdam')).toBe('2026-01-02T03:04:05.000Z');
    expect(time('timestamp=0050-02-28+00:00:00', 'UTC')).toBe('0050-02-28T00:00:00.000Z');
    expect(time('timestamp=2023-02-29+00:00:00', 'UTC')).toBeUndefined();
    expect(() => form('', { timeZone: 'Europe/Nowhere' })).toThrow(TypeError);
  });

  it('has the octets of a message that is not UTF-8, also when read back', () => {
    const event = as('bounce', 'type=bounce&mime=caf%E9%00&envelope=%C3%A9');
    expect(event.mimeBytes).toEqual(new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0]));
    expect((parseStored(JSON.stringify(event)) as typeof event).mimeBytes).toEqual(event.mimeBytes);
    expect(as('bounce', 'type=bounce&mime=%C3%A9').mimeBytes).toEqual(new Uint8Array([0xc3, 0xa9]));
    expect(as('bounce', 'type=bounce').mimeBytes).toBeUndefined();
  });

  it('has URLs only where they are safe to follow', () => {
    const click = (url: string) => as('click', `type=click&original=${encodeURIComponent(url)}`);
    expect(click('https://example.com/a?b').parsedOriginalUrl?.host).toBe('example.com');
    for (const url of ['javascript:alert(1)', '/a', 'https://a:b@example.com/', 'mailto:a@example.org', 'data:,', '']) {
      expect(click(url).parsedOriginalUrl, url).toBeUndefined();
      expect(click(url).originalUrl, url).toBe(url === '' ? undefined : url);
    }
    expect(Object.keys(click('https://example.com/'))).not.toContain('parsedOriginalUrl');
  });

  it('tells valid addresses of both versions from what is none', () => {
    const ip = (text: string) => as('open', `type=open&ip=${text}`).ip?.version;
    expect(['192.0.2.1', '0.0.0.0', '255.255.255.255'].map(ip)).toEqual([4, 4, 4]);
    expect(['2001:db8::1', '::', '::ffff:192.0.2.1'].map(ip)).toEqual([6, 6, 6]);
    for (const text of ['256.1.1.1', '1.2.3', '01.2.3.4', '1.2.3.4.', '1:2', 'fe80::1%25eth0', '[::1]', '::g', 'a'])
      expect(ip(text), text).toBeUndefined();
  });

  it('reads tags and interests in every form', () => {
    const tags = (body: string) => as('open', `type=open&${body}`).tags;
    expect(tags('tags[]=a&tags[]=b;c')).toEqual(['a', 'b;c']);
    expect(tags('tags=a;+b;;c')).toEqual(['a', 'b', 'c']);
    expect(tags('tags=')).toEqual([]);
    expect(tags('tags[3]=a&tags[5]=b')).toEqual(['a', 'b']);
    const interests = (body: string) => as('profile.update', `type=update&${body}`).interests;
    expect(interests('interests[blue]=1&interests[red]=0')).toEqual({ on: ['blue'], all: { blue: true, red: false } });
    expect(interests('interests[]=blue')).toEqual({ on: ['blue'], all: { blue: true } });
    expect(interests('interests[4]=blue')).toEqual({ on: ['blue'], all: { blue: true } });
    expect(interests('interests[4]=0&interests[5]=1')).toEqual({ on: ['5'], all: { 4: false, 5: true } });
    expect(interests('')).toBeUndefined();
  });

  it('takes the first byte where the type was not signed', () => {
    const kind = (body: string, contentType?: string, contentTypeSigned = false) =>
      parseEvent({ body: Buffer.from(body), contentType, contentTypeSigned, ...about }).kind;
    expect(kind('{"type":"open"}', 'application/x-www-form-urlencoded')).toBe('open');
    expect(kind('type=open', 'application/json')).toBe('open');
    expect(kind('type=open', 'application/json', true)).toBe('unknown');
    expect(kind('{"type":"open"}', 'application/vnd.copernica+json; charset=utf-8', true)).toBe('open');
    expect(kind('{"type":"open"}')).toBe('open');
    expect(kind('<a/>')).toBe('unknown');
  });

  it('has problems, but not without end', () => {
    const { problems } = form(`type=open&${'a=%&'.repeat(1000)}ip=none`);
    expect(problems).toHaveLength(100);
  });
});

describe('what JSON.stringify wrote', () => {
  it('is read back, as deep and as large as bodies may be', () => {
    const deep = form(`type=update&fields${'[a]'.repeat(63)}=1`);
    expect({ ...parseStored(JSON.stringify(deep)) }).toEqual({ ...deep, body: new Uint8Array() });
    const large = form(`type=update&${Array.from({ length: 19_999 }, (_, i) => `fields[f${i}]=`).join('&')}`);
    expect({ ...parseStored(JSON.stringify(large)) }).toEqual({ ...large, body: new Uint8Array() });
  });

  it('keeps the bytes of what is unknown', () => {
    const event = parseEvent({ body: Buffer.from([0, 0xff]), contentType: 'text/plain', ...about });
    expect(Buffer.from(parseStored(JSON.stringify(event)).body)).toEqual(Buffer.from([0, 0xff]));
  });

  it('keeps instants that were read in another zone', () => {
    const parse = createEventParser({ timeZone: 'Europe/Amsterdam' });
    const body = Buffer.from('type=update&timestamp=2026-07-01+12:00:00&created=2026-07-01+12:00:00');
    const event = parse({ body, ...about });
    expect({ ...parseStored(JSON.stringify(event)) }).toEqual({ ...event, body: new Uint8Array() });
  });

  it.each([
    '',
    '{}',
    'null',
    '{"kind":"open","identity":"a","key":"k","raw":{}}',
    '{"kind":"unknown","identity":"a","key":"k","body":"*"}',
  ])('is not: %s', (json) => expect(() => parseStored(json)).toThrow(StoredEventError));
});
