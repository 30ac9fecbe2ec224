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
  1  the answer is no: calls were refused, say
  2  called wrongly
  3  it could not be done: network, files, rights, a closed output`;

/** An end of the program that is not `done`, with a stable code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly exitCode: 1 | 2 | 3;
  /** What to do about it. */
  readonly hint: string | undefined;
  constructor(exitCode: 1 | 2 | 3, code: string, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
  }
}

/** An option or argument that cannot be used. */
export function misuse(message: string, hint?: string): Failure {
  return new Failure(exitCodes.misuse, 'ERR_USAGE', message, hint);
}
