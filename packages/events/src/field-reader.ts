import { type EnhancedStatus, parseStatus } from './enhanced-status.js';
import { type Interests, readInterests } from './interests.js';
import { type IpAddress, parseIp } from './ip-address.js';
import type { Shape, ShapeTypes } from './kinds/shared-fields.js';
import { addProblem, type FieldProblem, type Problem } from './problem.js';
import { createRaw, isRawObject, type RawObject, type RawValue } from './raw.js';
import type { ZoneReader } from './time-zone.js';

/** Reads single fields as what they are documented to be. What cannot be read is absent, and told as a problem. */
export class FieldReader implements Record<Shape, (field: string) => ShapeTypes[Shape] | undefined> {
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
    if (value === undefined || typeof value === 'string') return value;
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

  /** `YYYY-MM-DD HH:MM:SS`, in the configured zone. All zeros is how databases write "never". */
  localTime(field: string): Date | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    return this.#zone(text) ?? (text.startsWith('0000-00-00') ? undefined : this.#problem('bad-time', field));
  }

  ip(field: string): IpAddress | undefined {
    const text = this.text(field);
    return text === undefined ? undefined : (parseIp(text) ?? this.#problem('bad-ip', field));
  }

  /** RFC 3463 section 2. */
  status(field: string): EnhancedStatus | undefined {
    const text = this.text(field);
    return text === undefined ? undefined : (parseStatus(text) ?? this.#problem('bad-status', field));
  }

  /** The vendor writes `failure` or `failed`. */
  failureAction(field: string): string | undefined {
    const action = this.text(field);
    return action === 'failed' ? 'failure' : action;
  }

  /** A list, or one text with semicolons. Missing is a list of nothing. */
  list(field: string): string[] {
    const value = this.#value(field);
    if (value === undefined) return [];
    const parts = isRawObject(value) ? Object.values(value) : Array.isArray(value) ? (value as RawValue[]) : undefined;
    if (parts === undefined) {
      const texts = String(value).split(';');
      return texts.map((one) => one.trim()).filter((one) => one !== '');
    }
    const texts = parts.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
    if (texts.length !== parts.length) this.#problem('bad-shape', field);
    return texts.filter((one) => one !== '');
  }

  object(field: string): RawObject | undefined {
    const value = this.#value(field);
    if (value === undefined || isRawObject(value)) return value;
    // PHP writes an array without entries, and one with the keys 0, 1, 2 …, as a list.
    if (Array.isArray(value)) return Object.assign(createRaw(), value) as RawObject;
    return this.#problem('bad-shape', field);
  }

  interests(field: string): Interests | undefined {
    const value = this.#value(field);
    return value === undefined ? undefined : readInterests(value, () => this.list(field));
  }

  #value(field: string): RawValue | undefined {
    const value = this.#raw[field];
    return value === null || value === '' ? undefined : value;
  }

  #problem(code: FieldProblem['code'], field: string): undefined {
    addProblem(this.#problems, code, field);
    return undefined;
  }
}
