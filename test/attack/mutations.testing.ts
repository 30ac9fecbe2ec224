import fc from 'fast-check';

/** One change to a call, or to what DNS says. */
export type Mutation =
  | { readonly kind: 'octet'; readonly at: number; readonly value: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'delete'; readonly at: number; readonly count: number }
  | {
      readonly kind: 'line';
      readonly how: 'double' | 'drop' | 'swap' | 'capitals' | 'spaces' | 'empty';
      readonly line: number;
      readonly other: number;
    }
  | { readonly kind: 'add-line'; readonly line: string }
  | {
      readonly kind: 'parameter';
      readonly how: 'double' | 'drop' | 'reverse' | 'spaces' | 'capitals' | 'unquote' | 'rename';
      readonly which: number;
    }
  | { readonly kind: 'value'; readonly name: string; readonly to: string }
  | {
      readonly kind: 'record';
      readonly how: 'other' | 'both' | 'empty' | 'spaces' | 'octet' | 'nothing' | 'swap';
      readonly at: number;
    };

const at = fc.nat({ max: 2000 });
const interesting = fc.constantFrom(
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\0',
  ',',
  '"',
  '\\',
  '=',
  ':',
  ';',
  '/',
  '?',
  '#',
  '%00',
  '\xa0',
  '\x0b',
  'A',
  '0',
  '\r\n ',
  'x: y\r\n',
);
const values: Record<string, string[]> = {
  Host: ['EXAMPLE.COM', 'example.com:443', 'example.com.', 'evil.example', 'example.com:80', ' example.com '],
  Date: [
    'now',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    new Date(Date.now() - 3_600_000).toUTCString(),
    new Date().toISOString(),
  ],
  'X-Copernica-ID': ['Environment_1234', 'environment-1', 'account-1234', 'environment-1234 '],
  Digest: ['SHA-256=AAAA', 'MD5=AAAA', '', 'sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  'Content-Length': ['0', '1', '10', '100000', '+5'],
  'Content-Type': ['application/x-www-form-urlencoded', 'text/plain'],
  'X-Forwarded-Proto': ['http', 'HTTPS', 'http, https', 'https, http', 'https '],
  'X-Nonce': ['', 'x'],
};
const lines = [
  'Host: evil.example',
  'Date: now',
  'X-Copernica-ID: environment-666',
  'Digest: SHA-256=AAAA',
  'Signature: keyId="x"',
  'Transfer-Encoding: chunked',
  'Content-Length: 3',
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  'X-Other: 1',
  'Connection: close',
  ' folded',
  'no colon',
  ': no name',
  'X-Forwarded-Proto: http',
];

/** Any one of them. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('octet' as const), at, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('insert' as const), at, text: interesting }),
  fc.record({ kind: fc.constant('delete' as const), at, count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('line' as const),
    how: fc.constantFrom(
      'double' as const,
      'drop' as const,
      'swap' as const,
      'capitals' as const,
      'spaces' as const,
      'empty' as const,
    ),
    line: fc.nat({ max: 16 }),
    other: fc.nat({ max: 16 }),
  }),
  fc.record({ kind: fc.constant('add-line' as const), line: fc.constantFrom(...lines) }),
  fc.record({
    kind: fc.constant('parameter' as const),
    how: fc.constantFrom(
      'double' as const,
      'drop' as const,
      'reverse' as const,
      'spaces' as const,
      'capitals' as const,
      'unquote' as const,
      'rename' as const,
    ),
    which: fc.nat({ max: 4 }),
  }),
  fc.constantFrom(...Object.keys(values)).chain((name) =>
    fc.record({
      kind: fc.constant('value' as const),
      name: fc.constant(name),
      to: fc.constantFrom(...(values[name] ?? [])),
    }),
  ),
  fc.record({
    kind: fc.constant('record' as const),
    how: fc.constantFrom(
      'other' as const,
      'both' as const,
      'empty' as const,
      'spaces' as const,
      'octet' as const,
      'nothing' as const,
      'swap' as const,
    ),
    at,
  }),
);

type Records = Readonly<Record<string, readonly string[]>>;

/** Applies changes one after the other. */
export function mutateAll(octets: Buffer, records: Records, mutations: readonly Mutation[], foreign: string) {
  let text = octets.toString('latin1');
  let answers: Record<string, readonly string[]> = { ...records };
  for (const one of mutations) {
    if (one.kind === 'record') answers = changeRecords(answers, one, foreign);
    else text = change(text, one);
  }
  const changed = Buffer.from(text, 'latin1');
  return { octets: changed, records: answers, isChanged: !changed.equals(octets) };
}

function change(text: string, one: Exclude<Mutation, { kind: 'record' }>): string {
  switch (one.kind) {
    case 'octet': {
      const place = one.at % text.length;
      return `${text.slice(0, place)}${String.fromCharCode(one.value)}${text.slice(place + 1)}`;
    }
    case 'insert': {
      const place = one.at % text.length;
      return `${text.slice(0, place)}${one.text}${text.slice(place)}`;
    }
    case 'delete': {
      const place = one.at % text.length;
      return `${text.slice(0, place)}${text.slice(place + one.count)}`;
    }
    case 'value':
      return text.replace(new RegExp(`^(${one.name}:)[^\\r]*`, 'm'), (_, name: string) => `${name} ${one.to}`);
    case 'add-line':
      return text.replace('\r\n', `\r\n${one.line}\r\n`);
    case 'line':
      return withLines(text, (all) => {
        const place = 1 + (one.line % Math.max(1, all.length - 1));
        const other = 1 + (one.other % Math.max(1, all.length - 1));
        const line = all[place] ?? '';
        if (one.how === 'double') all.splice(other, 0, line);
        else if (one.how === 'drop') all.splice(place, 1);
        else if (one.how === 'swap') [all[place], all[other]] = [all[other] ?? '', line];
        else if (one.how === 'capitals') all[place] = line.replace(/^[^:]*/, (name) => name.toUpperCase());
        else if (one.how === 'spaces') all[place] = line.replace(/: /, ': \t  ').concat('  ');
        else all[place] = line.replace(/:.*/, ':');
      });
    case 'parameter':
      return text.replace(/^(Signature: )(.*)/im, (_, name: string, value: string) => {
        const parts = value.split(/,(?=[a-zA-Z]+=)/);
        const place = one.which % parts.length;
        const part = parts[place] ?? '';
        if (one.how === 'double') parts.push(part);
        else if (one.how === 'drop') parts.splice(place, 1);
        else if (one.how === 'reverse') parts.reverse();
        else if (one.how === 'spaces') return `${name}${parts.join('  ,\t ')}`;
        else if (one.how === 'capitals') parts[place] = part.replace(/^[a-zA-Z]+/, (word) => word.toUpperCase());
        else if (one.how === 'unquote') parts[place] = part.replaceAll('"', '');
        else parts[place] = `x-${part}`;
        return `${name}${parts.join(',')}`;
      });
  }
}

function withLines(text: string, by: (lines: string[]) => void): string {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return text;
  const all = text.slice(0, end).split('\r\n');
  by(all);
  return `${all.join('\r\n')}${text.slice(end)}`;
}

function changeRecords(
  records: Records,
  one: Extract<Mutation, { kind: 'record' }>,
  foreign: string,
): Record<string, readonly string[]> {
  const names = Object.keys(records);
  const changed: Record<string, readonly string[]> = {};
  names.forEach((name, i) => {
    const list = records[name] ?? [];
    const record = list[0] ?? '';
    const place = one.at % Math.max(1, record.length);
    if (one.how === 'other') changed[name] = [foreign];
    else if (one.how === 'both') changed[name] = [foreign, ...list];
    else if (one.how === 'empty') changed[name] = [record.replace(/p=.*/, 'p=')];
    else if (one.how === 'spaces') changed[name] = [record.replaceAll(';', ' ;\t')];
    else if (one.how === 'octet') changed[name] = [`${record.slice(0, place)}A${record.slice(place + 1)}`];
    else if (one.how === 'nothing') changed[name] = [];
    else changed[name] = records[names[names.length - 1 - i] ?? ''] ?? [];
  });
  return changed;
}
