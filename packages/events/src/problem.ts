/** What could not be read as it should be. The event is there all the same, and `raw` has what came. */
export type Problem = FieldProblem | SchemaProblem;

/** A field that is not of the shape that is documented. */
export interface FieldProblem {
  readonly code: Exclude<ProblemCode, 'fields-mismatch'>;
  /** The vendor's name of the field, nested ones as `fields[name]`, at most 100 characters; '' for the body as a whole. */
  readonly field: string;
}

/** The fields of a profile are not what its schema says. */
export interface SchemaProblem {
  readonly code: 'fields-mismatch';
  readonly field: string;
  /** What the schema said; at most 20. */
  readonly issues: readonly { readonly message: string; readonly path: readonly string[] }[];
}

/** What is wrong with a field, for programs. */
export type ProblemCode =
  /** The bytes are not UTF-8; they were read as Latin-1, one character an octet. */
  | 'not-utf8'
  /** The bytes of a field's name are not UTF-8; it was read as Latin-1. */
  | 'name-not-utf8'
  /** A percent sign without two hexadecimal digits behind it, in a form; it stands for itself. */
  | 'bad-escape'
  /** A JSON object had a key twice; the last one counts. */
  | 'duplicate-key'
  /** Not a number of seconds since 1970, or `YYYY-MM-DD HH:MM:SS`. */
  | 'bad-time'
  /** Not an IP address. */
  | 'bad-ip'
  /** Not a whole number. */
  | 'bad-number'
  /** Not an enhanced status code of RFC 3463. */
  | 'bad-status'
  /** Of another shape than documented: a list where a text was expected, say. */
  | 'bad-shape'
  /** The fields are not what the schema for them says. */
  | 'fields-mismatch'
  /** Schemas were given, but none for this database or collection. */
  | 'no-schema'
  /** The schema threw, or has to wait for something. */
  | 'schema-failed';

/** How many problems of one event are told. */
export const MAX_PROBLEMS = 100;
const MAX_FIELD = 100;

/** Notes a problem, unless there are too many. */
export function addProblem(problems: Problem[], code: FieldProblem['code'], field: string): void {
  if (problems.length < MAX_PROBLEMS) problems.push({ code, field: field.slice(0, MAX_FIELD) });
}
