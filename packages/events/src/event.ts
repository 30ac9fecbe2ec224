import type { BaseEvent } from './base-event.js';
import type { UnknownReason } from './decode-error.js';
import type { FieldSchemas, SchemaMap } from './field-schemas.js';
import { definitions } from './kinds/definitions.js';
import type { KindDefinition } from './kinds/kind-definition.js';
import type { OutputOf } from './standard-schema.js';

/** A genuine call that is no event of a known kind. Nothing of it is lost. */
export interface UnknownEvent extends BaseEvent {
  readonly kind: 'unknown';
  /** The Content-Type as it came. */
  readonly contentType?: string;
  /** Why no kind fits. */
  readonly reason: UnknownReason;
}

type DefinedEvent<D> = D extends KindDefinition<infer E> ? E : never;
type PlainEvent = DefinedEvent<(typeof definitions)[number]> | UnknownEvent;

/** The name of a kind. */
export type EventKind = PlainEvent['kind'];

/** The event of a kind. `F` are the schemas of profile fields, where some were given. */
export type EventOf<K extends EventKind, F extends FieldSchemas = FieldSchemas> = Typed<
  Extract<PlainEvent, { readonly kind: K }>,
  F
>;

/** Any event; `kind` tells which. `F` are the schemas of profile fields, where some were given. */
export type WebhookEvent<F extends FieldSchemas = FieldSchemas> = EventOf<EventKind, F>;

type Typed<E, F> = E extends { readonly kind: `profile.${string}` }
  ? F extends { readonly databases: infer S extends SchemaMap }
    ? TypedBy<E, 'databaseId', S>
    : E
  : E extends { readonly kind: `subprofile.${string}` }
    ? F extends { readonly collections: infer S extends SchemaMap }
      ? TypedBy<E, 'collectionId', S>
      : E
    : E;

/** One member for each id, so that a look at the id tells which fields there are; and one for every other id. */
type TypedBy<E, N extends string, S extends SchemaMap> =
  | {
      [Id in keyof S & (string | number)]: Id extends '*' ? never : WithFields<E, N, `${Id}`, OutputOf<S[Id]>>;
    }[keyof S & (string | number)]
  | (Omit<E, 'fields'> & { readonly fields?: '*' extends keyof S ? OutputOf<S['*']> : undefined });

type WithFields<E, N extends string, Id, Fields> = Omit<E, 'fields' | N> & { readonly [Name in N]: Id } & {
  readonly fields?: Fields;
};

/** Every kind. */
export const eventKinds: readonly EventKind[] = [...definitions.map((definition) => definition.kind), 'unknown'];
