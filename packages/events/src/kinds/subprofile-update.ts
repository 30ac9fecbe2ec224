import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type SubprofileChange, subprofileFields } from './profile-change.js';

/** A subprofile was changed (vendor documentation: subprofile webhooks, Marketing Suite). */
export interface SubprofileUpdateEvent<Fields = RawObject> extends SubprofileChange<Fields> {
  readonly kind: 'subprofile.update';
}

export const subprofileUpdate: KindDefinition<SubprofileUpdateEvent> = {
  kind: 'subprofile.update',
  type: 'update',
  subprofile: true,
  fields: subprofileFields,
};
