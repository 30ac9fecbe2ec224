import { isRawObject, type RawValue } from './raw.js';

/** Interests of a profile: what is on, and all that were named. */
export interface Interests {
  /** The names of those that are on. */
  readonly on: readonly string[];
  /** Every name that came. Without a prototype. Only those that are on, when the vendor sent a list. */
  readonly all: Readonly<Record<string, boolean>>;
}

const switches: ReadonlySet<unknown> = new Set([0, 1, '0', '1', true, false, '', null]);

/** Reads a record of name to 0 or 1, or a list of the names that are on (also one with gaps, which comes as a record). */
export function readInterests(value: RawValue, list: () => readonly string[]): Interests {
  const all = Object.create(null) as Record<string, boolean>;
  if (isRecord(value)) {
    for (const name of Object.keys(value)) all[name] = isOn(value[name]);
  } else {
    for (const name of list()) all[name] = true;
  }
  return { on: Object.keys(all).filter((name) => all[name]), all };
}

function isRecord(value: RawValue): value is { readonly [name: string]: RawValue } {
  if (!isRawObject(value)) return false;
  return !Object.entries(value).every(([name, one]) => /^\d+$/.test(name) && !switches.has(one));
}

function isOn(value: RawValue | undefined): boolean {
  return !(!value || value === '0' || value === 'false');
}
