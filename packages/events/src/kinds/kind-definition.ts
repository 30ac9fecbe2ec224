import type { KnownEvent } from '../base-event.js';
import type { FieldTable } from './shared-fields.js';

/** All that is to know about one kind of event. A new kind is a file with one of these, and a line in the list. */
export interface KindDefinition<E extends KnownEvent & { readonly kind: string }> {
  readonly kind: E['kind'];
  /** The vendor's `type`. */
  readonly type: string;
  /** Events of one `type` are told apart by whether they carry `subprofile`. */
  readonly subprofile?: boolean;
  readonly fields: FieldTable<E>;
  /** What is worked out of an event when it is asked for. No part of its JSON. */
  readonly derived?: { readonly [name: string]: (event: E) => unknown };
}
