import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEventParser, eventKinds } from '@smtpeter-webhooks/events';
import { encodingNames, encodings, sampleVariants, eventKinds as sentKinds } from '@smtpeter-webhooks/sender';
import { bodyArbitrary } from '@smtpeter-webhooks/sender/arbitraries';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentedKinds } from './documented-fields.testing.js';
import { anySchema, schemaOf, unknownSchema } from './event-schemas.testing.js';

const folder = fileURLToPath(new URL('../../docs/schemas', import.meta.url));
const parse = createEventParser();
const about = { identity: 'environment-1234', key: '0'.repeat(64) };

it('docs/schemas has the schemas that follow from the source', async () => {
  const kinds = documentedKinds();
  const [first] = kinds;
  if (first === undefined) throw new Error('There are no kinds.');
  const schemas = [...kinds.map(schemaOf), unknownSchema(first), anySchema(eventKinds)];
  for (const schema of schemas) {
    const file = join(folder, `${String(schema['title'])}.json`);
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(file);
  }
  expect(readdirSync(folder).sort()).toEqual(schemas.map((schema) => `${String(schema['title'])}.json`).sort());
});

describe('by an independent validator', () => {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
  });
  for (const file of readdirSync(folder)) ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const validate = (kind: string, json: unknown) => {
    const ok = ajv.validate(`urn:smtpeter-webhooks:${kind}`, json);
    expect(ok, `${kind}: ${ajv.errorsText()}`).toBe(true);
  };

  it.each(sentKinds)('%s: every sample in every encoding is valid, and of no other kind', (kind) => {
    for (const encoding of encodingNames) {
      const { contentType, encode } = encodings[encoding];
      for (const { event } of sampleVariants(kind)) {
        const json = JSON.parse(JSON.stringify(parse({ body: encode(event), contentType, ...about })));
        validate(kind, json);
        validate('event', json);
        const others = sentKinds.filter((other) => other !== kind);
        expect(others.filter((other) => ajv.validate(`urn:smtpeter-webhooks:${other}`, json))).toEqual([]);
      }
    }
  });

  it('so is what is unknown', () => {
    for (const body of ['{"type":"tomorrow"}', '<xml/>', '[1]', '{']) {
      const json = JSON.parse(
        JSON.stringify(parse({ body: Buffer.from(body), contentType: 'application/json', ...about })),
      );
      validate('unknown', json);
      validate('event', json);
    }
  });

  it('so are random events', () => {
    fc.assert(
      fc.property(bodyArbitrary(), ({ kind, body, contentType }) => {
        validate(kind, JSON.parse(JSON.stringify(parse({ body, contentType, ...about }))));
      }),
      { numRuns: 1000, seed: 20260102 },
    );
  });

  it('and what lacks something, or has it in another shape, is not', () => {
    const event = { kind: 'open', identity: 'a', key: 'k', tags: [], problems: [], raw: {} };
    validate('open', event);
    for (const wrong of [
      { tags: undefined },
      { tags: 'a;b' },
      { ip: '192.0.2.1' },
      { occurredAt: 12 },
      { kind: 'click' },
    ]) {
      const json = JSON.parse(JSON.stringify({ ...event, ...wrong }));
      expect(ajv.validate('urn:smtpeter-webhooks:open', json), JSON.stringify(wrong)).toBe(false);
    }
  });
});
