import { describe, expect, it } from 'vitest';
import { configureEndpoints } from './configured-endpoint.js';
import type { Endpoint } from './verifier.js';

const id = 'environment-1234';
const one = (url: string) => configureEndpoints([{ id, url }])[0];

describe('an endpoint is taken apart', () => {
  it('into one spelling of what calls are compared with', () => {
    expect(configureEndpoints([{ id: 'Environment_1234', url: 'https://Example.COM/hooks/smtpeter?a=1#b' }])).toEqual([
      {
        endpoint: { id, url: 'https://example.com/hooks/smtpeter?a=1#b' },
        identity: id,
        secure: true,
        defaultPort: '443',
        host: 'example.com',
        hostHeader: 'example.com',
        paths: ['/hooks/smtpeter'],
      },
    ]);
  });

  it('of plain HTTP, where that is what was asked for', () => {
    expect(one('http://example.com:8080/hooks')).toMatchObject({
      secure: false,
      defaultPort: '80',
      host: 'example.com:8080',
      hostHeader: 'example.com:8080',
    });
    expect(one('http://example.com:80/hooks')).toMatchObject({ host: 'example.com' });
    expect(one('http://example.com:443/hooks')).toMatchObject({ host: 'example.com:443' });
  });

  it.each<[string, string[]]>([
    ['https://example.com', ['/']],
    ['https://example.com/', ['/']],
    ['https://example.com?a=/b', ['/']],
    ['https://example.com#/b', ['/']],
    ['HTTPS://example.com/a/b?c/d', ['/a/b']],
    ['https://example.com/a#/b', ['/a']],
    ['https://example.com/a/../b', ['/b', '/a/../b']],
    ['https://example.com/é', ['/%C3%A9', '/é']],
    ['https://example.com/%7Ea', ['/%7Ea']],
    ['https://example.com/a b', ['/a%20b', '/a b']],
    ['https:example.com/a', ['/a']],
    ['https:example.com/?u=http://example.com/b', ['/']],
    [' https://example.com/a', ['/a']],
  ])('the path of %s as a parser writes it, and as it was typed: %j', (url, paths) => {
    expect(one(url)?.paths).toEqual(paths);
  });

  it('without user name and password, since it is shown in logs', () => {
    expect(one('https://jane:secret@example.com/hooks')?.endpoint.url).toBe('https://example.com/hooks');
  });

  it('once, however often it is given, and two that differ twice', () => {
    const url = 'https://example.com/hooks';
    const count = (...others: Endpoint[]) => configureEndpoints([{ id, url }, ...others]).length;
    expect(count({ id, url })).toBe(1);
    expect(count({ id: 'Environment_1234', url: 'https://EXAMPLE.com:443/hooks' })).toBe(1);
    expect(count({ id: 'environment-1', url })).toBe(2);
    expect(count({ id, url: 'https://example.com/hooks/' })).toBe(2);
    expect(count({ id, url: 'https://www.example.com/hooks' })).toBe(2);
    expect(count({ id, url: 'http://example.com/hooks' })).toBe(2);
  });
});

describe('what is no endpoint is a TypeError that says what to give', () => {
  const none = 'endpoints: give at least one { id, url }.';
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty list', []],
    ['one that is no list', { id, url: 'https://example.com/', length: 1 }],
  ])('%s', (_, endpoints) => {
    expect(() => configureEndpoints(endpoints as Endpoint[])).toThrow(new TypeError(none));
  });

  it.each([undefined, 1234, 'user-1', '', ['environment-1234']])('the id %j', (wrong) => {
    const message = `id: give your X-Copernica-ID, environment-<number> or account-<number>; got ${JSON.stringify(wrong)}.`;
    const endpoints = [{ id: wrong as string, url: 'https://example.com/' }];
    expect(() => configureEndpoints(endpoints)).toThrow(new TypeError(message));
  });

  const whole =
    'url: give the whole callback URL as typed into the dashboard, for instance https://example.com/hooks/smtpeter.';
  const host = 'url: its host is neither a host name nor an IP address.';
  it.each<[unknown, string]>([
    [undefined, whole],
    [new URL('https://example.com/'), whole],
    ['/hooks', whole],
    ['example.com/hooks', whole],
    ['ftp://example.com/', whole],
    ['wss://example.com/', whole],
    ['https://a$b/', host],
  ])('the url %j', (url, message) => {
    expect(() => configureEndpoints([{ id, url: url as string }])).toThrow(new TypeError(message));
  });
});
