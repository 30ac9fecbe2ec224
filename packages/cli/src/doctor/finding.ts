/** What one examination found. */
export interface Finding {
  /** Stable, for instance `tls`. */
  readonly id: string;
  readonly title: string;
  /** `warn`: it works, and could be better; `skip`: it could not be examined. */
  readonly result: 'pass' | 'warn' | 'fail' | 'skip';
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string | null;
}

/** Makes the findings of one examination. */
export function examination(id: string, title: string) {
  const make =
    (result: Finding['result']) =>
    (detail: string, fix: string | null = null): Finding => ({ id, title, result, detail, fix });
  return { pass: make('pass'), warn: make('warn'), fail: make('fail'), skip: make('skip') };
}
