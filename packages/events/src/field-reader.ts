import type { EnhancedStatus, Interests, IpAddress } from './event.js';
import type { Problem, ProblemCode } from './problem.js';
import { isRawObject, type RawObject, type RawValue } from './raw.js';
import type { ZoneReader } from './time-zone.js';

/** Reads single fields as what they are documented to be. What cannot be read is absent, and told as a problem. */
export class FieldReader {
  readonly #raw: RawObject;
  readonly #problems: Problem[];
  readonly #zone: ZoneReader;

  constructor(raw: RawObject, problems: Problem[], zone: ZoneReader) {
    this.#raw = raw;
    this.#problems = problems;
    this.#zone = zone;
  }

  /** A text, or a number as text. Empty is as good as missing. */
  text(field: string): string | undefined {
    const value = this.#value(field);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#problem('bad-shape', field);
  }

  /** A whole number, not negative. */
  count(field: string): number | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    return /^\d{1,15}$/.test(text) ? Number(text) : this.#problem('bad-number', field);
  }

  /** Unix seconds. */
  instant(field: string): Date | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    const date = new Date(/^-?\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : Number.NaN);
    return Number.isNaN(date.getTime()) ? this.#problem('bad-time', field) : date;
  }

  /** `YYYY-MM-DD HH:MM:SS`, in the configured zone. */
  localTime(field: string): Date | undefined {
    const text = this.text(field);
    if (text === undefined || text.startsWith('0000-00-00')) return undefined;
    return this.#zone(text) ?? this.#problem('bad-time', field);
  }

  ip(field: string): IpAddress | undefined {
    const address = this.text(field);
    if (address === undefined) return undefined;
    const version = ipVersion(address);
    return version === undefined ? this.#problem('bad-ip', field) : { address, version };
  }

  /** RFC 3463 section 2. */
  status(field: string): EnhancedStatus | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    const match = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(text);
    if (match === null) return this.#problem('bad-status', field);
    return { class: Number(match[1]) as 2 | 4 | 5, subject: Number(match[2]), detail: Number(match[3]), text };
  }

  /** A list, or one text with semicolons. */
  list(field: string): string[] {
    const value = this.#value(field);
    if (value === undefined) return [];
    const parts = typeof value === 'string' ? value.split(';') : isRawObject(value) ? Object.values(value) : value;
    if (!Array.isArray(parts)) {
      this.#problem('bad-shape', field);
      return [];
    }
    const texts = parts
      .filter((one) => typeof one === 'string' || typeof one === 'number')
      .map((one) => String(one).trim());
    if (texts.length !== parts.length) this.#problem('bad-shape', field);
    return texts.filter((one) => one !== '');
  }

  object(field: string): RawObject | undefined {
    const value = this.#value(field);
    if (value === undefined || isRawObject(value)) return value;
    // PHP writes an array without entries, and one with the keys 0, 1, 2 …, as a list.
    if (Array.isArray(value)) return Object.assign(Object.create(null), value) as RawObject;
    return this.#problem('bad-shape', field);
  }

  /** A record of name to 0 or 1, or a list of the names that are on. */
  interests(field: string): Interests | undefined {
    const value = this.#value(field);
    if (value === undefined) return undefined;
    const all = Object.create(null) as Record<string, boolean>;
    if (isRawObject(value)) {
      for (const [name, one] of Object.entries(value)) all[name] = isOn(one);
    } else {
      for (const name of this.list(field)) all[name] = true;
    }
    return { on: Object.keys(all).filter((name) => all[name]), all };
  }

  #value(field: string): RawValue | undefined {
    const value = this.#raw[field];
    return value === null || value === '' ? undefined : value;
  }

  #problem(code: ProblemCode, field: string): undefined {
    this.#problems.push({ code, field });
    return undefined;
  }
}

function isOn(value: RawValue): boolean {
  return !(value === 0 || value === false || value === null || value === '' || value === '0' || value === 'false');
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

function ipVersion(text: string): 4 | 6 | undefined {
  if (ipv4.test(text)) return 4;
  return /^[0-9a-fA-F:.]{2,45}$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`) ? 6 : undefined;
}
