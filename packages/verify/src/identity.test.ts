import { describe, expect, it } from 'vitest';
import { parseIdentity } from './identity.js';

describe('an X-Copernica-ID', () => {
  it.each([
    ['environment-1234', 'environment-1234'],
    ['environment_1234', 'environment-1234'],
    ['Environment-1234', 'environment-1234'],
    ['Account_1234', 'account-1234'],
    ['ACCOUNT-1', 'account-1'],
    ['environment-12345678901234567890', 'environment-12345678901234567890'],
  ])('%s is %s', (text, expected) => {
    expect(parseIdentity(text)).toBe(expected);
  });

  it.each([
    '',
    '1234',
    'environment1234',
    'environment--1',
    'environment-',
    'environment-12a',
    ' environment-1',
    'environment-1 ',
    'environment-1\n',
    'user-1',
    'my-environment-1',
    'environment-١',
    `account-${'1'.repeat(21)}`,
  ])('%j is none', (text) => {
    expect(parseIdentity(text)).toBeUndefined();
  });
});
