import { buildSigningString, type Endpoint } from '@smtpeter-webhooks/verify';
import { type CapturedCall, headerOf } from '../captured/captured-call.js';
import { queryOrders } from './query-orders.js';
import type { SignedText } from './signed-text.js';

/** One line of the signing string that came otherwise than it was signed. */
export interface HeadDifference {
  /** `(request-target)`, or the header's name in lower case. */
  readonly name: string;
  /** Undefined when it did not come at all. */
  readonly received: string | undefined;
  readonly signed: string;
}

/** The signing string as it was signed, found again. */
export interface OriginalHead {
  readonly text: string;
  readonly differences: readonly HeadDifference[];
}

interface Search {
  readonly call: CapturedCall;
  readonly names: readonly string[];
  readonly endpoints: readonly Endpoint[];
  readonly signed: SignedText;
  /** Lengths that the body may have had. */
  readonly lengths: readonly number[];
}

/** Beyond these a length is found by trying all. */
const MAX_LENGTH_TRIED = 20_000;
/** So many when Content-Type may be another one as well. */
const MAX_LENGTH_TRIED_WITH_TYPES = 1500;
const MAX_COMBINATIONS = 50_000;

/**
 * Tries the values that usual proxies would have replaced, each alone and together, until the text is the one that was
 * signed. What is found so is no guess: the signature says so.
 */
export function findOriginalHead(search: Search): OriginalHead | undefined {
  const { names, signed } = search;
  const options = new Map(names.map((name) => [name, optionsOf(name, search)]));
  const sizes = [...options.values()].reduce((product, list) => product * list.length, 1);
  const lists = sizes <= MAX_COMBINATIONS ? [options] : names.map((name) => only(options, name));
  for (const list of lists) {
    for (const values of combinations(names, list)) {
      const found = attempt(search, values);
      if (found !== undefined) return found;
    }
  }
  // Without RSA each try costs a whole verification.
  if (signed.madeByKey !== true) return undefined;
  const types = options.get('content-type') ?? [];
  return (
    tryAll(search, [undefined], '(request-target)', reorderedTargets(search.call)) ??
    tryAll(search, [undefined], 'content-length', lengthsAround(search.call, MAX_LENGTH_TRIED)) ??
    tryAll(search, types, 'content-length', lengthsAround(search.call, MAX_LENGTH_TRIED_WITH_TYPES)) ??
    tryAll(search, [undefined], 'date', datesAround(search.call))
  );
}

/** Many values of one header, the others as they came but for Content-Type, which often changes with a length. */
function tryAll(
  search: Search,
  types: readonly (string | undefined)[],
  name: string,
  values: Iterable<string>,
): OriginalHead | undefined {
  if (!search.names.includes(name)) return undefined;
  for (const value of values) {
    for (const type of types) {
      const found = attempt(
        search,
        new Map([
          ['content-type', type],
          [name, value],
        ]),
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function attempt(search: Search, values: ReadonlyMap<string, string | undefined>): OriginalHead | undefined {
  const { call, names, signed } = search;
  const received = (name: string) =>
    name === '(request-target)' ? `${call.method.toLowerCase()} ${call.target}` : headerOf(call, name)?.trim();
  const value = (name: string) => values.get(name) ?? received(name);
  const [method = '', target = ''] = (value('(request-target)') ?? '').split(' ');
  const built = buildSigningString(names, { method, target, created: undefined, expires: undefined, value });
  if ('absent' in built || !signed.isOf(built.text)) return undefined;
  const differences = names.flatMap((name) => {
    const was = value(name) ?? '';
    return was === received(name) ? [] : [{ name, received: received(name), signed: was }];
  });
  return { text: built.text, differences };
}

function optionsOf(name: string, search: Search): readonly (string | undefined)[] {
  const { call, endpoints, lengths } = search;
  const urls = endpoints.map((endpoint) => new URL(endpoint.url));
  const received = headerOf(call, name)?.trim();
  switch (name) {
    case '(request-target)':
      return [undefined, ...targets(call, urls).map((target) => `post ${target}`), `post ${call.target}`];
    case 'host': {
      const forwarded = ['x-forwarded-host', 'x-original-host', 'x-host'].map((one) => headerOf(call, one)?.trim());
      const hosts = [
        ...urls.map((url) => url.host),
        ...forwarded,
        received?.toLowerCase(),
        received?.replace(/:\d+$/, ''),
      ];
      return unique([undefined, ...hosts, ...hosts.filter((one) => one !== undefined).map((one) => `${one}:443`)]);
    }
    case 'content-type': {
      const bare = received?.split(';')[0]?.trim();
      const types = ['application/json', 'application/x-www-form-urlencoded'];
      const bases = unique([bare, ...types]);
      return unique([
        undefined,
        ...bases,
        ...bases.flatMap((base) => [
          `${base}; charset=utf-8`,
          `${base}; charset=UTF-8`,
          `${base};charset=utf-8`,
          `${base};charset=UTF-8`,
        ]),
      ]);
    }
    case 'content-length':
      return unique([undefined, ...lengths.map(String)]);
    case 'x-copernica-id':
      return unique([
        undefined,
        received?.replace('-', '_'),
        received?.replace('_', '-'),
        ...endpoints.map((one) => one.id),
      ]);
    default:
      return unique([undefined, received?.replace(/\s+/g, ' ')]);
  }
}

/** Where the call may have been sent to before a proxy rewrote it. */
function targets(call: CapturedCall, urls: readonly URL[]): string[] {
  const [path = '', query] = splitTarget(call.target);
  const search = query === undefined ? '' : `?${query}`;
  const found = new Set<string>();
  const add = (one: string) => {
    for (const end of [search, '']) found.add(`${one}${end}`);
  };
  for (const url of urls) {
    add(url.pathname);
    found.add(`${url.pathname}${url.search}`);
    // A prefix that was taken away, of one or more segments.
    const segments = url.pathname.split('/').slice(1, -1);
    for (let i = 1; i <= segments.length; i++) add(`/${segments.slice(0, i).join('/')}${path}`);
  }
  const prefix = headerOf(call, 'x-forwarded-prefix')?.trim();
  if (prefix !== undefined) add(`${prefix.replace(/\/$/, '')}${path}`);
  for (const name of ['x-original-uri', 'x-forwarded-uri', 'x-original-url', 'x-rewrite-url']) {
    const original = headerOf(call, name)?.trim();
    if (original?.startsWith('/')) found.add(original);
  }
  // A prefix that was added.
  const parts = path.split('/').slice(1);
  for (let i = 1; i < Math.min(parts.length, 8); i++) add(`/${parts.slice(i).join('/')}`);
  add(path.endsWith('/') ? path.slice(0, -1) : `${path}/`);
  add(path.replace(/\/{2,}/g, '/'));
  try {
    add(decodeURI(path));
  } catch {
    // No percent escapes that mean anything.
  }
  if (query !== undefined) {
    found.add(`${path}?${query.replaceAll('%20', '+')}`);
    found.add(`${path}?${query.replaceAll('+', '%20')}`);
  }
  return [...found].filter((one) => one.startsWith('/'));
}

function* reorderedTargets({ target }: CapturedCall): Generator<string> {
  for (const other of queryOrders(target)) yield `post ${other}`;
}

function splitTarget(target: string): [string, string | undefined] {
  const at = target.indexOf('?');
  return at === -1 ? [target, undefined] : [target.slice(0, at), target.slice(at + 1)];
}

function* lengthsAround(call: CapturedCall, most: number): Generator<string> {
  for (let away = 0; away <= most; away++) {
    yield String(call.body.length + away);
    if (away > 0 && away <= call.body.length) yield String(call.body.length - away);
  }
}

/** A proxy that writes a Date of its own: some minutes around it. */
function* datesAround(call: CapturedCall): Generator<string> {
  const received = Date.parse(headerOf(call, 'date') ?? '');
  if (Number.isNaN(received)) return;
  for (let away = 1; away <= 900; away++) {
    yield new Date(received - away * 1000).toUTCString();
    yield new Date(received + away * 1000).toUTCString();
  }
}

function only<T>(options: ReadonlyMap<string, readonly T[]>, name: string): Map<string, readonly T[]> {
  return new Map([...options].filter(([one]) => one === name));
}

function* combinations(
  names: readonly string[],
  options: ReadonlyMap<string, readonly (string | undefined)[]>,
): Generator<Map<string, string | undefined>> {
  const [name, ...rest] = names;
  if (name === undefined) return yield new Map();
  for (const values of combinations(rest, options)) {
    for (const value of options.get(name) ?? [undefined]) yield new Map(values).set(name, value);
  }
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
