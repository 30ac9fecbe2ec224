import type { EventKind } from './event.js';
import { definitions } from './kinds/definitions.js';
import type { FieldSource } from './kinds/shared-fields.js';

/** Which fields an event of a kind has, besides those that every event has, and where they come from. */
export type EventFields = {
  readonly [K in Exclude<EventKind, 'unknown'>]: { readonly [name: string]: FieldSource };
};

/** By kind and name: the vendor's field that it comes from, and what that is read as. */
export const eventFields: EventFields = Object.fromEntries(
  definitions.map(({ kind, fields }) => [kind, fields]),
) as unknown as EventFields;
