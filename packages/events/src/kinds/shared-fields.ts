import type { EnhancedStatus } from '../enhanced-status.js';
import type { Interests } from '../interests.js';
import type { IpAddress } from '../ip-address.js';
import type { RawObject } from '../raw.js';

/** What a field of the vendor's is read as. Each is a method of the reader, and a row of the JSON Schemas. */
export interface ShapeTypes {
  text: string;
  count: number;
  ip: IpAddress;
  status: EnhancedStatus;
  list: readonly string[];
  object: RawObject;
  interests: Interests;
  localTime: Date;
  failureAction: string;
}

/** The name of one of them. */
export type Shape = keyof ShapeTypes;

/** Which of the vendor's fields a typed field comes from, and what it is read as. */
export interface FieldSource<S extends Shape = Shape> {
  readonly from: string;
  readonly as: S;
}

type SourceOf<T> = { [S in Shape]: ShapeTypes[S] extends T ? FieldSource<S> : never }[Shape];

/** A source for every field that is the event's own, and for no other: the compiler holds table and type together. */
export type FieldTable<E> = {
  readonly [N in Exclude<keyof E, BaseName | DerivedName>]-?: SourceOf<Exclude<E[N], undefined>>;
};

type BaseName =
  | 'kind'
  | 'raw'
  | 'body'
  | 'identity'
  | 'key'
  | 'occurredAt'
  | 'timestampText'
  | 'problems'
  | 'contentType'
  | 'reason';
type DerivedName = 'parsedOriginalUrl' | 'parsedTrackedUrl' | 'mimeBytes';

/** A field of a certain name and shape. */
export function source<S extends Shape>(from: string, as: S): FieldSource<S> {
  return { from, as };
}

/** Of events about a message. */
export const messageFields = {
  id: source('id', 'text'),
  recipient: source('recipient', 'text'),
  tags: source('tags', 'list'),
} as const;

/** Of opens and clicks. */
export const visitFields = {
  ip: source('ip', 'ip'),
  userAgent: source('useragent', 'text'),
  referer: source('referer', 'text'),
} as const;

/** What the receiving mail server answered. */
export const answerFields = {
  code: source('code', 'count'),
  status: source('extended', 'status'),
  description: source('description', 'text'),
} as const;
