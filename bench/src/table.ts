/** A ratio over all rounds. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What a row should reach. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One thing that was measured. */
export interface Row {
  readonly what: string;
  /** `base` is what the others are compared with; `limit` could not be beaten; `peer` is another way to do it. */
  readonly kind: 'base' | 'limit' | 'peer' | 'ours';
  readonly ratio: Ratio;
  readonly goal?: Goal | undefined;
  /** More figures by the heading of their column; absolute ones mean little. */
  readonly more?: Readonly<Record<string, string>> | undefined;
}

/** Rows that were measured in one run, in rounds, against one and the same thing. */
export interface Table {
  readonly title: string;
  /** What the ratio is of: one sentence. */
  readonly ratioOf: string;
  readonly rows: readonly Row[];
  /** What could not be measured, by name, and why. */
  readonly missing?: readonly string[];
  readonly note?: string | undefined;
}

/** Whether a row reaches its goal; empty when it has none. */
export function verdictOf({ ratio, goal }: Row): '' | 'yes' | 'no' {
  if (goal === undefined) return '';
  return ('atMost' in goal ? ratio.median <= goal.atMost : ratio.median >= goal.atLeast) ? 'yes' : 'no';
}

/** The cells of a table, headings first. */
export function cellsOf(table: Table): readonly (readonly string[])[] {
  const more = [...new Set(table.rows.flatMap((row) => Object.keys(row.more ?? {})))];
  const lines = table.rows.map((row) => [
    row.kind === 'ours' ? `**${row.what}**` : row.what,
    figure(row.ratio.median),
    row.kind === 'base' ? '' : `${figure(row.ratio.min)}–${figure(row.ratio.max)}`,
    goalText(row.goal),
    verdictOf(row),
    ...more.map((name) => row.more?.[name] ?? ''),
  ]);
  return [['', 'median', 'min–max', 'goal', 'reached', ...more], ...lines];
}

/** Three digits that mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return '';
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}
