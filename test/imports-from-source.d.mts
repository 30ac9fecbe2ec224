/** A plugin of vitest and of rolldown. */
export interface ImportsFromSource {
  readonly name: string;
  readonly enforce: 'pre';
  resolveId(id: string, importer: string | undefined): string | undefined;
}

export function importsFromSource(conditions?: readonly string[]): ImportsFromSource;
