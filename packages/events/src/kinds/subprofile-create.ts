import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type SubprofileChange, subprofileFields } from './profile-change.js';

/** A subprofile was made (vendor documentation: subprofile webhooks, Marketing Suite). */
export interface SubprofileCreateEvent<Fields = RawObject> extends SubprofileChange<Fields> {
  readonly kind: 'subprofile.create';
}

export const subprofileCreate: KindDefinition<SubprofileCreateEvent> = {
  kind: 'subprofile.create',
  type: 'create',
  subprofile: true,
  fields: subprofileFields,
};
