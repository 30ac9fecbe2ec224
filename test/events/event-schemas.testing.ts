import type { Shape } from '@smtpeter-webhooks/events';
import type { DocumentedKind } from './documented-fields.testing.js';

type Schema = Readonly<Record<string, unknown>>;

const dialect = 'https://json-schema.org/draft/2020-12/schema';
const idOf = (kind: string) => `urn:smtpeter-webhooks:${kind}`;
const dateTime = { type: 'string', format: 'date-time' };
const whole = { type: 'integer', minimum: 0 };

const shapes: Record<Shape, Schema> = {
  text: { type: 'string' },
  count: whole,
  ip: {
    type: 'object',
    properties: { address: { type: 'string' }, version: { enum: [4, 6] } },
    required: ['address', 'version'],
  },
  status: {
    type: 'object',
    properties: { class: { enum: [2, 4, 5] }, subject: whole, detail: whole, text: { type: 'string' } },
    required: ['class', 'subject', 'detail', 'text'],
  },
  list: { type: 'array', items: { type: 'string' } },
  object: { type: 'object' },
  interests: {
    type: 'object',
    properties: {
      on: { type: 'array', items: { type: 'string' } },
      all: { type: 'object', additionalProperties: { type: 'boolean' } },
    },
    required: ['on', 'all'],
  },
  localTime: dateTime,
  failureAction: { type: 'string' },
};

const problems = {
  type: 'array',
  items: {
    type: 'object',
    properties: { code: { type: 'string' }, field: { type: 'string' }, issues: { type: 'array' } },
    required: ['code', 'field'],
  },
};

/** The schema of `JSON.stringify(event)` for a kind. Consumers must let other properties pass: new ones may come. */
export function schemaOf({ kind, meaning, fields, common }: DocumentedKind): Schema {
  const described = (name: string, schema: Schema) => ({ ...schema, description: common[name] });
  return {
    $schema: dialect,
    $id: idOf(kind),
    title: kind,
    description: meaning,
    type: 'object',
    properties: {
      kind: { const: kind },
      identity: described('identity', { type: 'string' }),
      key: described('key', { type: 'string' }),
      occurredAt: described('occurredAt', dateTime),
      timestampText: described('timestampText', { type: 'string' }),
      ...Object.fromEntries(fields.map(({ name, as, meaning: text }) => [name, { ...shapes[as], description: text }])),
      problems: described('problems', problems),
      raw: described('raw', { type: 'object' }),
    },
    required: [
      'kind',
      'identity',
      'key',
      ...(fields.some(({ name }) => name === 'tags') ? ['tags'] : []),
      'problems',
      'raw',
    ],
  };
}

/** What has no kind of its own. */
export function unknownSchema({ common }: DocumentedKind): Schema {
  return {
    $schema: dialect,
    $id: idOf('unknown'),
    title: 'unknown',
    description: 'A genuine call that is no event of a known kind. Nothing of it is lost.',
    type: 'object',
    properties: {
      kind: { const: 'unknown' },
      identity: { type: 'string', description: common['identity'] },
      key: { type: 'string', description: common['key'] },
      occurredAt: { ...dateTime, description: common['occurredAt'] },
      timestampText: { type: 'string', description: common['timestampText'] },
      contentType: { type: 'string', description: 'The Content-Type as it came.' },
      reason: {
        type: 'object',
        properties: { code: { type: 'string' }, text: { type: 'string' } },
        required: ['code', 'text'],
        description: 'Why no kind fits.',
      },
      problems: { ...problems, description: common['problems'] },
      raw: { type: 'object', description: common['raw'] },
      body: { type: 'string', contentEncoding: 'base64', description: 'The exact bytes of the body.' },
    },
    required: ['kind', 'identity', 'key', 'reason', 'problems', 'body'],
  };
}

/** Any event. */
export function anySchema(kinds: readonly string[]): Schema {
  return {
    $schema: dialect,
    $id: idOf('event'),
    title: 'event',
    description: 'Any event, as JSON.stringify writes it; kind tells which.',
    type: 'object',
    required: ['kind'],
    oneOf: kinds.map((kind) => ({ $ref: idOf(kind) })),
  };
}
