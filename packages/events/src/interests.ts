import { isRawObject, type RawObject, type RawValue } from './raw.js';

/** Interests of a profile: what is on, and all that were named. */
export interface Interests {
  /** The names of those that are on. */
  readonly on: readonly string[];
  /** Every name that came. Without a prototype. Only those that are on, when the vendor sent a list. */
  readonly all: Readonly<Record<string, boolean>>;
}

/** Reads a record of name to 0 or 1, or a list of the names that are on (also one with gaps, which comes as a record). */
export function readInterests(value: RawValue, list: () => readonly string[]): Interests {
  const all = Object.create(null) as Record<string, boolean>;
  const on: string[] = [];
  if (isRecord(value)) {
    for (const name in value) {
      const isOn = !off.has(value[name]);
      all[name] = isOn;
      if (isOn) on.push(name);
    }
    return { on, all };
  }
  for (const name of list()) all[name] = true;
  return { on: Object.keys(all), all };
}

const off: ReadonlySet<unknown> = new Set([0, false, null, '', '0', 'false']);
const switches: ReadonlySet<unknown> = new Set([1, true, '1', ...off]);

/** False for a list, and for one with gaps: whole numbers to names. */
function isRecord(value: RawValue): value is RawObject {
  if (!isRawObject(value)) return false;
  for (const name in value) {
    const first = name.charCodeAt(0);
    if (first < 0x30 || first > 0x39 || !/^\d+$/.test(name) || switches.has(value[name])) return true;
  }
  return Object.keys(value).length === 0;
}
