import { describe, expect, it } from 'vitest';
import { readDohAnswer } from './doh-answer.js';

const name = 'one._domainkey.copernica.com';
const txt = (data: unknown, more: object = {}) => ({ name, type: 16, TTL: 60, data, ...more });
const alias = (from: string, data: unknown, TTL?: number) => ({ name: from, type: 5, data, TTL });
const answer = (...Answer: unknown[]) => ({ Status: 0, Answer });
const soa = { name: 'copernica.com', type: 6, TTL: 7, data: 'ns.example' };

describe('a DNS answer in JSON', () => {
  it.each([[undefined], [null], ['Status: 0'], [[]], [{}], [{ Status: '0', Answer: [txt('a')] }]])(
    'is not what %j is',
    (value) => {
      expect(readDohAnswer(name, value)).toEqual({ outcome: 'failed', detail: 'no DNS answer in JSON' });
    },
  );

  it.each([1, 2, 5])('with response code %i says nothing of the name', (Status) => {
    expect(readDohAnswer(name, { Status, Answer: [txt('a')] })).toEqual({
      outcome: 'failed',
      detail: `DNS says response code ${Status}`,
    });
  });

  it.each([
    ['the name does not exist', { Status: 3, Answer: [txt('a')] }, 'DNS says NXDOMAIN'],
    ['it has no answer', { Status: 0 }, 'DNS says that there are no TXT records'],
    [
      'the answer is no list',
      { Status: 0, Answer: { 0: txt('a'), length: 1 } },
      'DNS says that there are no TXT records',
    ],
    ['the records are of another type', answer(txt('a', { type: 15 })), 'DNS says that there are no TXT records'],
  ])('says that there is nothing: %s', (_, value, detail) => {
    expect(readDohAnswer(name, value)).toStrictEqual({ outcome: 'none', detail });
    const Authority = [{ ...soa, type: 2, TTL: 1 }, soa];
    expect(readDohAnswer(name, { ...value, Authority })).toStrictEqual({ outcome: 'none', detail, ttlSeconds: 7 });
  });

  it('gives the records of the name in any spelling, and of no other', () => {
    const records = [txt('a'), txt('b', { name: `${name.toUpperCase()}.` }), txt('c', { name: `x.${name}` })];
    expect(readDohAnswer(name, answer(...records, txt('d', { name: name.replace('.', '') })))).toEqual({
      outcome: 'records',
      records: ['a', 'b'],
      ttlSeconds: 60,
    });
  });

  it('gives what aliases lead to, in any order', () => {
    const records = [
      txt('a', { name: 'Two.example' }),
      alias('two.example', 'x'),
      alias('three.example', 'Two.Example.'),
    ];
    expect(readDohAnswer(name, answer(...records, alias(name, 'three.example.')))).toMatchObject({ records: ['a'] });
    // What is no alias leads nowhere, and an alias of another name does not lead from this one.
    expect(readDohAnswer(name, answer(records[0], alias('x.example', 'two.example')))).toMatchObject({
      outcome: 'none',
    });
    expect(readDohAnswer(name, answer(records[0], { ...alias(name, 'two.example'), type: 39 }))).toMatchObject({
      outcome: 'none',
    });
  });

  it('lasts as long as the shortest time to live of what led to it', () => {
    const ttl = (...records: unknown[]) => readDohAnswer(name, answer(...records));
    expect(ttl(txt('a', { TTL: 9 }), txt('b', { TTL: 8 }), txt('c', { TTL: 1, name: 'x' }))).toMatchObject({
      ttlSeconds: 8,
    });
    expect(ttl(alias(name, 'x', 3), txt('a', { name: 'x' }))).toMatchObject({ ttlSeconds: 3 });
    expect(ttl(txt('a', { TTL: 0 }), txt('b'))).toMatchObject({ ttlSeconds: 0 });
    expect(ttl(txt('a', { TTL: -1 }), txt('b'))).toMatchObject({ ttlSeconds: 60 });
    expect(ttl(txt('a', { TTL: '5' }), txt('b', { TTL: undefined }))).toStrictEqual({
      outcome: 'records',
      records: ['a', 'b'],
    });
  });

  it.each([
    ['null', null],
    ['a text', 'a'],
    ['a record without a name', txt('x', { name: undefined })],
    ['a record without a type', txt('x', { type: '16' })],
    ['a record without data', txt(undefined)],
  ])('has no record in %s', (_, record) => {
    expect(readDohAnswer(name, answer(record, txt('a')))).toMatchObject({ records: ['a'] });
  });

  it('has 64 records and no more, of 4,096 characters each and no more', () => {
    const others = Array.from({ length: 63 }, () => txt('x', { type: 1 }));
    const long = 'a'.repeat(4097);
    expect(readDohAnswer(name, answer(...others, txt(long), txt('b')))).toMatchObject({
      records: [long.slice(0, 4096)],
    });
  });

  it.each([
    ['plainly', 'a "b" \\034', 'a "b" \\034'],
    ['in quotes', '"a b"', 'a b'],
    ['in several strings, and nothing that stands between them counts', '"a" b \\"c" "d"', 'acd'],
    ['with quotes and backslashes in it', '"\\"a\\\\b\\""', '"a\\b"'],
    ['with octets as numbers', '"\\097\\0988\\255"', 'ab8\xff'],
    ['with a number that is no octet', '"\\353"', 'a'],
    ['with a number that is cut', '"\\12a"', '12a'],
    ['without its last quote', '"a" "b', 'a'],
    ['ending in a backslash', '"a" "b\\', 'a'],
    ['that is empty', '""', ''],
  ])('holds a text %s', (_, data, expected) => {
    expect(readDohAnswer(name, answer(txt(data)))).toMatchObject({ records: [expected] });
  });
});
