import { expect, it } from 'vitest';
import { exportLine } from './event-line.js';
import { LineError, parseLine } from './parse-line.js';

const good = {
  version: 1,
  id: 1,
  kind: 'open',
  identity: 'environment-1',
  url: 'https://example.com/',
  eventKey: 'a'.repeat(64),
  orderKey: null,
  contentType: null,
  contentTypeSigned: true,
  state: 'dead',
  recipient: 'a@example.com',
  attempts: 3,
  errors: [{ at: 1, attempt: 1, message: 'no' }],
  receivedAt: '2026-01-31T12:00:00.000Z',
  dueAt: '2026-01-31T12:00:00.000Z',
  settledAt: '2026-01-31T12:00:01.000Z',
  headers: ['Host', 'example.com'],
  body: 'YQ==',
};

const wrong: readonly (readonly [string, string])[] = [
  ['{"version":1,', 'not JSON'],
  [JSON.stringify(good).slice(0, -20), 'not JSON'],
  ['[]', 'not an object'],
  ['null', 'not an object'],
  ...(
    [
      ['version', 2],
      ['id', -1],
      ['state', 'lost'],
      ['kind', 7],
      ['recipient', ['a@example.com']],
      ['recipient', 'a\0'],
      ['identity', null],
      ['url', {}],
      ['eventKey', 'short'],
      ['eventKey', ['a'.repeat(64)]],
      ['orderKey', 'x'.repeat(501)],
      ['receivedAt', 'yesterday'],
      ['receivedAt', '1'],
      ['dueAt', 1769860800000],
      ['settledAt', null],
      ['settledAt', '2026-99-31T12:00:00.000Z'],
      ['attempts', 1.5],
      ['attempts', '3'],
      ['errors', [{ at: 1, attempt: 1 }]],
      ['errors', [{ at: 1, attempt: 1, message: 'no', more: true }]],
      ['errors', Array(11).fill(good.errors[0])],
      ['contentType', 5],
      ['contentTypeSigned', 1],
      ['headers', ['Host']],
      ['headers', [1, 2]],
      ['body', 'not base64!'],
      ['body', 'YQ'],
    ] as const
  ).map(([name, value]) => [JSON.stringify({ ...good, [name]: value }), name] as const),
  ...['id', 'kind', 'headers', 'body', 'settledAt'].map(
    (name) => [JSON.stringify({ ...good, [name]: undefined }), name] as const,
  ),
  [JSON.stringify({ ...good, more: 1 }), 'not known'],
  [JSON.stringify({ ...good, state: 'waiting' }), 'settledAt'],
];

it.each(wrong)('%s', (line, says) => {
  expect(() => parseLine(line)).toThrow(LineError);
  expect(() => parseLine(line)).toThrow(says);
});

it('gives back what was exported', () => {
  const event = parseLine(JSON.stringify(good));
  expect(event).toMatchObject({ state: 'dead', attempts: 3, receivedAt: Date.UTC(2026, 0, 31, 12) });
  expect(Buffer.from(event.body).toString()).toBe('a');
  expect(parseLine(exportLine(event))).toEqual(event);
});
