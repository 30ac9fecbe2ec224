import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type SubprofileChange, subprofileFields } from './profile-change.js';

/** A subprofile was removed (vendor documentation: subprofile webhooks, Marketing Suite). */
export interface SubprofileDeleteEvent<Fields = RawObject> extends SubprofileChange<Fields> {
  readonly kind: 'subprofile.delete';
}

export const subprofileDelete: KindDefinition<SubprofileDeleteEvent> = {
  kind: 'subprofile.delete',
  type: 'delete',
  subprofile: true,
  fields: subprofileFields,
};
