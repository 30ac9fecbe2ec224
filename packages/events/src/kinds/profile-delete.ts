import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type ProfileChange, profileFields } from './profile-change.js';

/** A profile was removed (vendor documentation: profile webhooks, Marketing Suite). */
export interface ProfileDeleteEvent<Fields = RawObject> extends ProfileChange<Fields> {
  readonly kind: 'profile.delete';
}

export const profileDelete: KindDefinition<ProfileDeleteEvent> = {
  kind: 'profile.delete',
  type: 'delete',
  subprofile: false,
  fields: profileFields,
};
