import { type EventFields, type EventValue, encodeForm, encodeJson } from './encode-body.js';

/** One way in which an event may be put into a body. */
export interface Encoding {
  readonly contentType: string;
  /** @throws TypeError when a form cannot say one of the names: an empty one, or one with brackets. */
  encode(event: EventFields): Uint8Array;
}

/**
 * A way to write an event, by its name in {@link encodings}: `json` without white space, in UTF-8; `json-escaped` as PHP's
 * `json_encode` writes it (php.net manual), slashes and all but ASCII escaped; `json-indented` with white space; `form` as
 * PHP's `http_build_query` writes it; `form-documented` as the vendor's documentation shows it:
 * `fields[name]=x&interests[]=blue`, brackets as they are, no indices.
 */
export type EncodingName = 'json' | 'json-escaped' | 'json-indented' | 'form' | 'form-documented';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** The ways that are documented, or that PHP has of writing the same. */
export const encodings: Readonly<Record<EncodingName, Encoding>> = {
  json: { contentType: json, encode: encodeJson },
  'json-escaped': {
    contentType: json,
    encode: (event): Uint8Array =>
      Buffer.from(
        JSON.stringify(event)
          .replaceAll('/', '\\/')
          .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ),
  },
  'json-indented': {
    contentType: 'application/json; charset=utf-8',
    encode: (event): Uint8Array => Buffer.from(JSON.stringify(event, null, 4)),
  },
  form: { contentType: form, encode: encodeForm },
  'form-documented': { contentType: form, encode: encodeDocumentedForm },
};

/** The names of the encodings. */
export const encodingNames: readonly EncodingName[] = Object.keys(encodings) as EncodingName[];

function encodeDocumentedForm(event: EventFields): Uint8Array {
  const text = Buffer.from(encodeForm(event)).toString();
  const pairs = text.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return `${name.replaceAll('%5B', '[').replaceAll('%5D', ']')}=${value}`;
  });
  return Buffer.from(pairs.map((pair) => (hasList(event, pair) ? pair.replace(/\[\d+\]=/, '[]=') : pair)).join('&'));
}

/** True when the pair is of a list of single values, whose indices say nothing. */
function hasList(event: EventFields, pair: string): boolean {
  const name = decodeURIComponent((/^[^[=]*/.exec(pair)?.[0] ?? '').replaceAll('+', ' '));
  const value: EventValue | undefined = event[name];
  return Array.isArray(value) && /^[^[=]*\[\d+\]=/.test(pair);
}
