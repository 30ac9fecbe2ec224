import { definitions } from './kinds/definitions.js';
import type { RawObject } from './raw.js';

type Definition = (typeof definitions)[number];

const byType = new Map<string, readonly Definition[]>();
for (const definition of definitions) byType.set(definition.type, [...(byType.get(definition.type) ?? []), definition]);

/**
 * Finds the kind of an event by its `type`, or, in callbacks of the older Publisher, by its `action`. An event about a
 * subprofile is one that carries `subprofile`.
 */
export function definitionOf(raw: RawObject): Definition | undefined {
  const type = word(raw['type']);
  const found = byType.get(type ?? word(raw['action']) ?? '');
  return found?.find(({ subprofile }) =>
    // An action says what was done to a profile; of a failure it says something else.
    subprofile === undefined ? type !== undefined : subprofile === isGiven(raw['subprofile']),
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.trim().toLowerCase() : undefined;
}
