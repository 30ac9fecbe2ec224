import type { RawObject } from '../raw.js';
import type { KindDefinition } from './kind-definition.js';
import { type ProfileChange, profileFields } from './profile-change.js';

/** A profile was made (vendor documentation: profile webhooks, Marketing Suite). */
export interface ProfileCreateEvent<Fields = RawObject> extends ProfileChange<Fields> {
  readonly kind: 'profile.create';
}

export const profileCreate: KindDefinition<ProfileCreateEvent> = {
  kind: 'profile.create',
  type: 'create',
  subprofile: false,
  fields: profileFields,
};
