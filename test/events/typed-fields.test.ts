import { createEventParser, type FieldSchemas, parseStored, type SchemaMap } from '@smtpeter-webhooks/events';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const about = { contentType: 'application/x-www-form-urlencoded', identity: 'account-1234', key: 'k' };
const profile = (text: string) => ({ body: Buffer.from(`type=update&profile=1&database=12&${text}`), ...about });

const libraries: Record<string, SchemaMap> = {
  zod: { '12': z.object({ email: z.email(), score: z.coerce.number() }) },
  valibot: {
    '12': v.object({ email: v.pipe(v.string(), v.email()), score: v.pipe(v.string(), v.toNumber()) }),
  },
  arktype: { '12': type({ email: 'string.email', score: 'string.numeric.parse' }) },
};

describe.each(Object.entries(libraries))('fields by a schema of %s', (_, databases) => {
  const parse = createEventParser({ fields: { databases } as FieldSchemas });

  it('are what the schema makes of them', () => {
    const event = parse(profile('fields[email]=jane%40example.org&fields[score]=42'));
    expect(event).toMatchObject({ problems: [], fields: { email: 'jane@example.org', score: 42 } });
    expect(event.raw?.['fields']).toEqual({ email: 'jane@example.org', score: '42' });
    expect({ ...parseStored(JSON.stringify(event), { fields: { databases } }) }).toEqual({
      ...event,
      body: new Uint8Array(),
    });
    expect(parseStored(JSON.stringify(event))).toMatchObject({ fields: { email: 'jane@example.org', score: 42 } });
  });

  it('that do not fit are a problem, and lose nothing', () => {
    const event = parse(profile('fields[email]=nobody&fields[score]=42'));
    expect(event.kind).toBe('profile.update');
    expect(event).not.toHaveProperty('fields');
    expect(event.raw?.['fields']).toEqual({ email: 'nobody', score: '42' });
    expect(event.problems).toMatchObject([{ code: 'fields-mismatch', field: 'fields', issues: [{ path: ['email'] }] }]);
    expect({ ...parseStored(JSON.stringify(event)) }).toEqual({ ...event, body: new Uint8Array() });
  });
});

describe('schemas', () => {
  const schema = { databases: { 12: z.object({ a: z.string() }) }, collections: { '*': z.object({ b: z.string() }) } };
  const read = (text: string, fields: FieldSchemas = schema) =>
    createEventParser({ fields })({ body: Buffer.from(text), ...about });

  it('are for databases or for collections', () => {
    expect(read('type=update&database=12&fields[a]=1')).toMatchObject({ fields: { a: '1' }, problems: [] });
    expect(read('type=update&database=12&subprofile=1&collection=5&fields[b]=1')).toMatchObject({ fields: { b: '1' } });
  });

  it('that are not there, throw or wait, are a problem', () => {
    const odd = (validate: () => unknown) =>
      ({ databases: { '*': { '~standard': { version: 1, vendor: 'test', validate } } } }) as unknown as FieldSchemas;
    const fail = () => {
      throw new Error('no');
    };
    const problems = [{ code: 'schema-failed', field: 'fields' }];
    expect(read('type=update&database=13&fields[a]=1').problems).toEqual([{ code: 'no-schema', field: 'fields' }]);
    expect(read('type=update&database=__proto__&fields[a]=1').problems).toEqual([
      { code: 'no-schema', field: 'fields' },
    ]);
    expect(read('type=update&fields[a]=1', odd(fail)).problems).toEqual(problems);
    expect(
      read(
        'type=update&fields[a]=1',
        odd(async () => fail()),
      ).problems,
    ).toEqual(problems);
  });

  it('have nothing to say where there are no fields', () => {
    expect(read('type=delete&database=12')).not.toHaveProperty('fields');
    expect(read('type=delete&database=12').problems).toEqual([]);
    expect(read('type=open&id=a').problems).toEqual([]);
  });

  it('are schemas', () => {
    expect(() => createEventParser({ fields: { databases: { 12: {} } } as unknown as FieldSchemas })).toThrow(
      TypeError,
    );
    expect(() => createEventParser({ fields: { 12: z.object({}) } as unknown as FieldSchemas })).toThrow(TypeError);
  });
});
