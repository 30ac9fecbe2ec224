import {
  createEventParser,
  DecodeError,
  decodeForm,
  decodeJson,
  encodeForm,
  parseStored,
  type RawObject,
  StoredEventError,
} from '@smtpeter-webhooks/events';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 180_000 });
const seed = 20260102;
/** `PROPERTY_RUNS` for fewer of them. */
const runs = (number: number) => Math.min(number, Number(process.env['PROPERTY_RUNS'] ?? number));
const about = { identity: 'environment-1234', key: '0'.repeat(64) };
const parse = createEventParser();

/** What stands in bodies that mean harm, or that were cut, doubled and glued together. */
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\\u',
    '\\ud800',
    '%',
    '%5B',
    '%5D',
    '%zz',
    '%00',
    '&',
    '=',
    '+',
    '[]',
    '.',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'fields', 'interests', 'tags', 'problems'],
  ...['"type":"open"', '"type":"update"', 'type=update&', 'fields[__proto__][polluted]=1&', 'a[b]=1&', 'tags[]=x&'],
  ...[
    '"time":1e400',
    '-0',
    '9007199254740993',
    'null',
    'true',
    '0000-00-00 00:00:00',
    '5.1.1',
    '\ufeff',
    '\ud800',
    'é',
  ],
);
const glued = fc
  .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 24 })
  .map((parts) => Buffer.from(parts.join('')));
const octets = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
const someJson = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
/** An object with known fields of the wrong shape. */
const misshapen = fc
  .dictionary(
    fc.constantFrom('type', 'time', 'timestamp', 'id', 'ip', 'tags', 'code', 'extended', 'fields', 'interests', 'mime'),
    fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('open', 'failure', 'update', 'delete')),
  )
  .map((event) => Buffer.from(JSON.stringify(event)));
const bodies = fc.oneof(glued, octets, someJson, misshapen);
const contentTypes = fc.constantFrom(undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain');

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const before = prototypes.map((one) => Reflect.ownKeys(one).length);
const clean = () => prototypes.every((one, i) => Reflect.ownKeys(one).length === before[i]) && !('polluted' in {});
afterAll(() => expect(clean()).toBe(true));

/** True when no object in it has a prototype, and every list is one. */
function isRaw(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isRaw);
  return Object.getPrototypeOf(value) === null && Object.values(value).every(isRaw);
}

describe('whatever the bytes', () => {
  it('there is an event, and it comes back from its JSON as it was', () => {
    fc.assert(
      fc.property(bodies, contentTypes, fc.boolean(), (body, contentType, contentTypeSigned) => {
        const event = parse({ body, contentType, contentTypeSigned, ...about });
        if (event.body !== body || !isRaw(event.raw)) return false;
        const { body: _, ...stored } = { ...parseStored(JSON.stringify(event)) };
        const { body: __, ...same } = { ...event };
        expect(stored).toEqual(same);
        return clean();
      }),
      { numRuns: runs(20_000), seed },
    );
  });

  it('an event is made, or none, without a word more', () => {
    fc.assert(
      fc.property(bodies, contentTypes, (body, contentType) => {
        const { kind, problems } = parse({ body, contentType, ...about });
        return typeof kind === 'string' && problems.length <= 101 && clean();
      }),
      { numRuns: runs(30_000), seed: seed + 1 },
    );
  });

  it.each([
    ['form', decodeForm],
    ['JSON', decodeJson],
  ])('the decoder of %s gives fields, or throws an error of its own', (_, decode) => {
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          return isRaw(decode(body).fields) && clean();
        } catch (error) {
          return error instanceof DecodeError && typeof error.code === 'string';
        }
      }),
      { numRuns: runs(25_000), seed: seed + 2 },
    );
  });

  it('what is no stored event is refused, with an error of its own', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          return typeof parseStored(body).kind === 'string' && clean();
        } catch (error) {
          return error instanceof StoredEventError;
        }
      }),
      { numRuns: runs(10_000), seed: seed + 3 },
    );
  });
});

describe('JSON is read as JSON.parse reads it', () => {
  it('where nothing can be lost', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.constantFrom('', ' '),
        (value, space) => {
          const text = JSON.stringify(value, null, space);
          const again = JSON.parse(JSON.stringify(decodeJson(Buffer.from(text)).fields), (_, one) => one);
          // Numbers of many digits come as texts; otherwise all is the same.
          expect(textNumbers(again)).toEqual(textNumbers(JSON.parse(text)));
        },
      ),
      { numRuns: runs(5000), seed },
    );
  });

  it('and it knows what is no JSON', () => {
    fc.assert(
      fc.property(fc.oneof(glued, someJson), (body) => {
        const text = body.toString();
        let isObject = false;
        try {
          const value: unknown = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
          isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        } catch {}
        try {
          decodeJson(body);
          return isObject;
        } catch {
          return !isObject;
        }
      }),
      { numRuns: runs(10_000), seed: seed + 4 },
    );
  });
});

describe('a form', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).filter((text) => !/[[\]]|^\s/.test(text));
  const tree = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 10 }) },
      { weight: 1, arbitrary: fc.array(tie('value'), { minLength: 1, maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc
          .dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true })
          // Whole numbers from 0 on would be a list.
          .filter((object) => Object.keys(object).some((key) => !/^\d+$/.test(key))),
      },
    ),
  })).value;

  it('is decoded into what was encoded', () => {
    fc.assert(
      fc.property(fc.dictionary(name, tree, { noNullPrototype: true }), (fields) => {
        const { fields: decoded, problems } = decodeForm(encodeForm(fields as RawObject));
        expect(problems).toEqual([]);
        expect(decoded).toEqual(fields);
      }),
      { numRuns: runs(5000), seed },
    );
  });

  it('means the same to a decoder that has seen others', () => {
    const event = (body: Uint8Array, read = parse) =>
      read({ body, contentType: 'application/x-www-form-urlencoded', ...about });
    fc.assert(
      fc.property(glued, (body) => {
        expect(event(body).raw).toEqual(event(body, createEventParser()).raw);
      }),
      { numRuns: runs(5000), seed: seed + 5 },
    );
  });
});

function textNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string')
    return /^-?\d/.test(value) && Number.isFinite(Number(value)) ? String(Number(value)) : value;
  if (Array.isArray(value)) return value.map(textNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, textNumbers(one)]));
}
