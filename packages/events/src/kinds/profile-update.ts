import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type ProfileChange, profileFields } from './profile-change.js';

/** A profile was changed (vendor documentation: profile webhooks, Marketing Suite). */
export interface ProfileUpdateEvent<Fields = RawObject> extends ProfileChange<Fields> {
  readonly kind: 'profile.update';
}

export const profileUpdate: KindDefinition<ProfileUpdateEvent> = {
  kind: 'profile.update',
  type: 'update',
  subprofile: false,
  fields: profileFields,
};
