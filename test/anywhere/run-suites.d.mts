/** What the tests of this repository use of vitest; see vitest.mjs. */
export type StandIn = Readonly<Record<string, unknown>>;

export interface Suite {
  /** The name of its file. */
  readonly name: string;
  /** Calls describe, it and the hooks, which it gets. */
  readonly evaluate: (vitest: StandIn) => unknown;
}

export interface Outcome {
  readonly file: string;
  /** Those of the `describe`s and the test, joined by ` > `; of what failed outside of a test only the former. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly error?: string;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly stopAtFailure?: boolean;
  readonly only?: { has(name: string): boolean };
  readonly onEvaluated?: () => void;
  readonly onStart?: (name: string) => void;
  readonly onTest?: (name: string, state: string | undefined, durationMs: number | undefined) => void;
}

export function runSuites(suites: readonly Suite[], options?: RunOptions): Promise<Outcome[]>;
