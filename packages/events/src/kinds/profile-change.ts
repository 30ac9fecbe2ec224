import type { KnownEvent } from '../base-event.js';
import type { Interests } from '../interests.js';
import type { RawObject } from '../raw.js';
import { source } from './shared-fields.js';

/** What events about profiles have (vendor documentation: profile webhooks, Marketing Suite). */
export interface ProfileChange<Fields = RawObject> extends KnownEvent {
  /** The event's `id`, as far as one came; of a subprofile it may differ from `subprofileId`. */
  readonly id?: string;
  /** The profile. */
  readonly profileId?: string;
  /** The database that the profile is in. */
  readonly databaseId?: string;
  /** When the profile was made, read in the configured zone. */
  readonly createdAt?: Date;
  /** When the profile was last changed, read in the configured zone. */
  readonly modifiedAt?: Date;
  /** The fields by name, without a prototype; or what the schema made of them. */
  readonly fields?: Fields;
  /** What the profile is interested in. */
  readonly interests?: Interests;
  /** What changed the profile. Without a prototype. */
  readonly parameters?: RawObject;
}

/** What events about subprofiles have besides. */
export interface SubprofileChange<Fields = RawObject> extends ProfileChange<Fields> {
  /** The subprofile. */
  readonly subprofileId?: string;
  /** The collection that the subprofile is in. */
  readonly collectionId?: string;
}

/** Of events about profiles. */
export const profileFields = {
  id: source('id', 'text'),
  profileId: source('profile', 'text'),
  databaseId: source('database', 'text'),
  createdAt: source('created', 'localTime'),
  modifiedAt: source('modified', 'localTime'),
  fields: source('fields', 'object'),
  interests: source('interests', 'interests'),
  parameters: source('parameters', 'object'),
} as const;

/** Of events about subprofiles. */
export const subprofileFields = {
  ...profileFields,
  subprofileId: source('subprofile', 'text'),
  collectionId: source('collection', 'text'),
} as const;
