/** A value as the vendor sent it. With the form encoding every single value is a string. */
export type RawValue = string | number | boolean | null | readonly RawValue[] | RawObject;

/** Fields under the vendor's own names. It has no prototype, so that no name means anything but itself. */
export interface RawObject {
  readonly [name: string]: RawValue;
}

/** Makes an object without a prototype. */
export function createRaw(): Record<string, RawValue> {
  return Object.create(null) as Record<string, RawValue>;
}

/** True for an object of fields: neither a list nor a single value. */
export function isRawObject(value: RawValue | undefined): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
