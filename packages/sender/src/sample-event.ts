import type { EventFields, EventValue } from './encode-body.js';
import { samples } from './samples.js';

/** The kinds of events, by the names that a receiver gives them. */
export const eventKinds = [
  'open',
  'click',
  'delivery',
  'failure',
  'bounce',
  'abuse',
  'unsubscribe',
  'profile.create',
  'profile.update',
  'profile.delete',
  'subprofile.create',
  'subprofile.update',
  'subprofile.delete',
] as const;

/** A kind of event that there is a sample of. */
export type SampleKind = (typeof eventKinds)[number];

/** Which sample is made. */
export interface SampleOptions {
  /** The moment of the event; default the present. */
  readonly now?: Date;
  /** Makes ids and addresses distinct; default 1. */
  readonly number?: number;
}

/**
 * A realistic event under the vendor's field names, as it would stand in a JSON body.
 *
 * @param overrides - fields to set, or with `undefined` to leave out.
 * @throws TypeError when there is no such kind.
 */
export function sampleEvent(
  kind: SampleKind,
  overrides: Readonly<Record<string, EventValue | undefined>> = {},
  options: SampleOptions = {},
): EventFields {
  const make = samples[kind];
  if (make === undefined)
    throw new TypeError(`There is no kind of event named ${kind}; there are ${eventKinds.join(', ')}.`);
  const fields = { ...make({ now: options.now ?? new Date(), number: options.number ?? 1 }), ...overrides };
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, EventValue] => entry[1] !== undefined),
  );
}

/** One way in which the vendor may write an event. */
export interface SampleVariant {
  readonly name: string;
  readonly event: EventFields;
}

/** An event in every spelling that is documented or known from older editions. */
export function sampleVariants(kind: SampleKind, options: SampleOptions = {}): readonly SampleVariant[] {
  const make = (overrides: Record<string, EventValue | undefined> = {}) => sampleEvent(kind, overrides, options);
  const plain = make();
  const variants: SampleVariant[] = [{ name: 'as documented', event: plain }];
  const add = (name: string, overrides: Record<string, EventValue | undefined>) =>
    variants.push({ name, event: make(overrides) });
  if ('time' in plain) {
    add('time as text', { time: String(plain['time']) });
    add('without time', { time: undefined });
  }
  if ('tags' in plain) {
    add('tags joined by semicolons', { tags: 'newsletter;october' });
    add('without tags', { tags: undefined });
    add('with no tags', { tags: [] });
  }
  if ('useragent' in plain) add('with what is optional empty', { useragent: '', referer: '' });
  if ('useragent' in plain) add('without what is optional', { useragent: undefined, referer: undefined });
  if (kind === 'open') add('with the address of the image', { url: 'https://example.com/pixel.png' });
  if (kind === 'click') add('with the rewritten link', { url: 'https://click.example.com/abc' });
  if (kind === 'failure')
    add('action failed, without codes', {
      action: 'failed',
      code: undefined,
      extended: undefined,
      description: undefined,
    });
  if (kind === 'bounce') add('with older fields', { mailfrom: 'bounces@example.com', rcptto: 'jane@example.org' });
  if (kind === 'unsubscribe') {
    add('as another edition has it', {
      database: undefined,
      profile: undefined,
      mailing: undefined,
      recipient: 'jane@example.org',
      tags: ['newsletter', 'october'],
    });
  }
  if (kind === 'profile.delete') add('as in the examples', { fields: undefined, time: undefined });
  if (kind === 'subprofile.delete')
    add('as in the examples', { fields: undefined, time: undefined, database: undefined });
  if ('created' in plain) add('without id', { id: undefined });
  if ('interests' in plain) add('interests as a list', { interests: ['blue'] });
  if ('profile' in plain) {
    const ids = Object.entries(plain).filter(([name]) =>
      ['id', 'profile', 'subprofile', 'database', 'collection'].includes(name),
    );
    add('ids as text', Object.fromEntries(ids.map(([name, value]) => [name, String(value)])));
  }
  if (kind.startsWith('profile.')) add('as a Publisher callback', { type: undefined, action: String(plain['type']) });
  return variants;
}
