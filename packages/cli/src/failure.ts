/** How the program ends. The same for every command. */
export const exitCodes = {
  /** Done, or already so. */
  done: 0,
  /** The answer is no. */
  no: 1,
  /** Called wrongly. */
  misuse: 2,
  /** It could not be done: files, rights, network, DNS. */
  impossible: 3,
} as const;

/** For the help of every command. */
export const exitCodesText = `
Exit codes:
  0  done, or already so
  1  the answer is no: refused, different, not verified
  2  called wrongly, or a choice that only you can make
  3  it could not be done: network, DNS, files, disk, rights, a closed output`;

/** What a failure may carry besides its code. */
export interface FailureOptions {
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The command's own fields for `--json`, such as `candidates`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** More lines for people: what the fields say to programs. */
  readonly lines?: readonly string[];
  readonly cause?: unknown;
}

/** An end of the program that is not `done`, with a stable code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly exitCode: 1 | 2 | 3;
  readonly hint: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];

  constructor(exitCode: 1 | 2 | 3, code: string, message: string, options: string | FailureOptions = {}) {
    const { hint, fields = {}, lines = [], cause } = typeof options === 'string' ? { hint: options } : options;
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
    this.fields = fields;
    this.lines = lines;
  }
}

/** An option or argument that cannot be used. */
export function misuse(message: string, options: string | FailureOptions = {}): Failure {
  return new Failure(exitCodes.misuse, 'ERR_USAGE', message, options);
}

/** A choice that only the user can make. */
export function undecided(code: string, message: string, options: string | FailureOptions = {}): Failure {
  return new Failure(exitCodes.misuse, code, message, options);
}

/** The answer is no. */
export function refused(code: string, message: string, options: string | FailureOptions = {}): Failure {
  return new Failure(exitCodes.no, code, message, options);
}

/** It could not be done. */
export function impossible(code: string, message: string, options: string | FailureOptions = {}): Failure {
  return new Failure(exitCodes.impossible, code, message, options);
}

/** The document that `--json` prints for a failure. */
export function failureDocument({ code, message, hint, fields }: Failure): Record<string, unknown> {
  return { ok: false, code, message, ...(hint !== undefined && { hint }), ...fields };
}
