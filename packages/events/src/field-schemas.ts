import type { Problem } from './problem.js';
import type { RawObject } from './raw.js';
import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js';

/** Schemas by the id of the database or collection; `*` stands for every other. */
export interface SchemaMap {
  readonly [id: string]: StandardSchema;
}

/** What the `fields` of profiles and subprofiles are, as Standard Schemas (of zod, valibot, arktype or others). */
export interface FieldSchemas {
  /** For events about profiles, by database. */
  readonly databases?: SchemaMap;
  /** For events about subprofiles, by collection. */
  readonly collections?: SchemaMap;
}

const MAX_ISSUES = 20;

/** @throws TypeError when it is none, and says what to give. */
export function readFieldSchemas(schemas: FieldSchemas = {}): FieldSchemas {
  for (const [name, map] of Object.entries(schemas)) {
    if (name !== 'databases' && name !== 'collections')
      throw new TypeError(`fields: give databases or collections, each by id; there is no ${name}.`);
    for (const [id, schema] of Object.entries((map ?? {}) as Record<string, Partial<StandardSchema> | undefined>)) {
      if (typeof schema?.['~standard']?.validate !== 'function')
        throw new TypeError(`fields.${name}: what stands at ${id} is not a Standard Schema.`);
    }
  }
  return schemas;
}

/**
 * Gives what the schema of an id makes of some fields. Where it makes nothing of them there are none, and a problem says
 * why; what came is in `raw` all the same.
 */
export function applySchema(
  schemas: SchemaMap,
  id: string | undefined,
  fields: RawObject,
  problems: Problem[],
): unknown {
  const schema = (id !== undefined && Object.hasOwn(schemas, id) ? schemas[id] : undefined) ?? schemas['*'];
  if (schema === undefined) {
    problems.push({ code: 'no-schema', field: 'fields' });
    return undefined;
  }
  let result: StandardResult<unknown> | Promise<StandardResult<unknown>>;
  try {
    result = schema['~standard'].validate(fields);
  } catch {
    problems.push({ code: 'schema-failed', field: 'fields' });
    return undefined;
  }
  if ('then' in result) {
    // An event is complete when a handler gets it: a schema that has to wait cannot be used.
    void Promise.resolve(result).catch(() => {});
    problems.push({ code: 'schema-failed', field: 'fields' });
    return undefined;
  }
  if (result.issues === undefined) return result.value;
  problems.push({ code: 'fields-mismatch', field: 'fields', issues: result.issues.slice(0, MAX_ISSUES).map(plain) });
  return undefined;
}

/** Lists and texts: of arktype the path is of a class of its own. */
function plain({ message, path = [] }: StandardIssue): { readonly message: string; readonly path: readonly string[] } {
  return { message, path: Array.from(path, (part) => String(typeof part === 'object' ? part.key : part)) };
}
