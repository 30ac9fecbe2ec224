import fc from 'fast-check';
import type { EventFields, EventValue } from './encode-body.js';
import { type EncodingName, encodingNames, encodings } from './encodings.js';
import { eventKinds, type SampleKind, sampleVariants } from './sample-event.js';

/** A random event, valid as far as the vendor's documentation goes. */
export interface ArbitraryEvent {
  readonly kind: SampleKind;
  /** Under the vendor's field names, as in a JSON body. */
  readonly event: EventFields;
}

/** A random event in a body. */
export interface ArbitraryBody extends ArbitraryEvent {
  readonly encoding: EncodingName;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** No brackets, which a form cannot say in a name; not whole numbers, which JavaScript would put first; not empty. */
const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => !/[[\]]/.test(name) && !/^\s|^-?\d+$/.test(name));
const texts = fc.string({ unit: 'grapheme', maxLength: 60 });
const words = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 _-]{0,15}$/).map((word) => word.trim());
const seconds = fc.integer({ min: 0, max: 4_102_444_799 });
const addresses = fc.oneof(fc.ipV4(), fc.ipV6());

/** What the documented fields may hold; a field that is not here keeps the sample's value. */
const values: Readonly<Record<string, fc.Arbitrary<EventValue>>> = {
  recipient: fc.emailAddress(),
  emailfrom: fc.emailAddress(),
  envelope: fc.emailAddress(),
  mailfrom: fc.emailAddress(),
  rcptto: fc.emailAddress(),
  ip: addresses,
  original: fc.webUrl({ withQueryParameters: true }),
  url: fc.webUrl(),
  useragent: texts,
  referer: fc.webUrl(),
  code: fc.integer({ min: 200, max: 599 }),
  extended: fc.tuple(fc.constantFrom(2, 4, 5), fc.nat(999), fc.nat(999)).map((parts) => parts.join('.')),
  state: words,
  description: texts,
  mime: fc.array(texts, { maxLength: 20 }).map((lines) => lines.join('\r\n')),
  tags: fc.array(words, { maxLength: 4 }),
  fields: fc.dictionary(names, texts, { maxKeys: 30 }),
  parameters: fc.dictionary(names, texts, { maxKeys: 4 }),
};

/**
 * Random events: every kind and every spelling, with random times, ids and contents.
 *
 * @param kind - default: any.
 */
export function eventArbitrary(kind?: SampleKind): fc.Arbitrary<ArbitraryEvent> {
  return fc
    .record({ kind: kind === undefined ? fc.constantFrom(...eventKinds) : fc.constant(kind), at: seconds, n: fc.nat() })
    .chain(({ kind: one, at, n }) => {
      const variants = sampleVariants(one, { now: new Date(at * 1000), number: n + 1 });
      return fc
        .constantFrom(...variants)
        .chain(({ event }) => fc.record({ kind: fc.constant(one), event: vary(event) }));
    });
}

/**
 * Random events in bodies: every kind, every spelling, every encoding.
 *
 * @param kind - default: any.
 */
export function bodyArbitrary(kind?: SampleKind): fc.Arbitrary<ArbitraryBody> {
  return fc
    .record({ event: eventArbitrary(kind), encoding: fc.constantFrom(...encodingNames) })
    .map(({ event, encoding }) => {
      const { contentType, encode } = encodings[encoding];
      return { ...event, encoding, contentType, body: encode(event.event) };
    });
}

function vary(event: EventFields): fc.Arbitrary<EventFields> {
  const varied = Object.entries(event).map(([name, value]) => {
    // Spellings that a variant is about stay: tags joined by semicolons, say.
    const isSpelling = Array.isArray(value) ? value.length === 0 : name === 'tags' && typeof value === 'string';
    const other = isSpelling ? undefined : values[name];
    return [name, other === undefined ? fc.constant(value) : other] as const;
  });
  return fc.record(Object.fromEntries(varied)) as fc.Arbitrary<EventFields>;
}
