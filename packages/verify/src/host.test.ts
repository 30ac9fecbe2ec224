import { describe, expect, it } from 'vitest';
import { normalizeHost } from './host.js';

describe('a Host is brought to one spelling', () => {
  it.each([
    ['EXAMPLE.com', 'example.com'],
    ['example.com.', 'example.com'],
    ['example.com:443', 'example.com'],
    ['example.com.:443', 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com:0443', 'example.com'],
    ['example.com:80', 'example.com:80'],
    ['example.com:8443', 'example.com:8443'],
    ['127.0.0.1:8080', '127.0.0.1:8080'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]:443', '[::1]'],
    ['[::FFFF:127.0.0.1]:99', '[::ffff:7f00:1]:99'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('%s', (text, expected) => {
    expect(normalizeHost(text, '443')).toBe(expected);
  });

  it.each([
    '',
    ':443',
    'example.com:99x',
    'example.com/',
    'user@example.com',
    'a b',
    'a,b',
    'example.com:1:2',
    '[::1',
    '[zz]',
    '[1]',
    '[12]',
    'ex%61mple.com',
    'bücher.example',
    'example.com\n',
    'example.com\0',
    `${'a'.repeat(300)}`,
  ])('but not %j, which is no host', (text) => {
    expect(normalizeHost(text, '443')).toBeUndefined();
  });

  it('with the default port of the scheme', () => {
    expect(normalizeHost('example.com:80', '80')).toBe('example.com');
    expect(normalizeHost('example.com:443', '80')).toBe('example.com:443');
  });
});
