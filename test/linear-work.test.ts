import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeWorkOf } from './native-work.testing.js';

/*
 * Every parser of what strangers send, counted and not timed: how often V8 went through each block of our sources, and
 * how much text went through what a block asks of the language itself. (That each pattern goes through its text once is
 * proved by regular-expressions.test.ts.)
 */

const session = new Session();

beforeAll(async () => {
  session.connect();
  await session.post('Profiler.enable');
  // Before the sources are loaded: V8 counts blocks in what it compiles from now on.
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});
afterAll(async () => {
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
});

/** The blocks gone through in our sources since the last time. */
async function takeSteps(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => /\/packages\/[a-z]+\/src\//.test(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0);
}

const text = (octets: Buffer) => octets.toString('latin1');
const source = {
  verify: (file: string) => import(`../packages/verify/src/${file}.ts`),
  events: (file: string) => import(`../packages/events/src/${file}.ts`),
  captured: () => import('../packages/cli/src/captured/read-captured.js'),
};

/** How each parser is asked. What it throws is its answer. */
const parsers: Record<string, () => Promise<(octets: Buffer) => unknown>> = {
  Signature: async () => {
    const { parseSignatureHeader } = await source.verify('signature-header');
    return (octets) => parseSignatureHeader(text(octets));
  },
  'list of headers': async () => {
    const { parseCoveredList } = await source.verify('signing-string');
    return (octets) => parseCoveredList(text(octets));
  },
  'key record': async () => {
    const { parseDkimRecord } = await source.verify('dkim-record');
    return (octets) => parseDkimRecord(text(octets));
  },
  'DNS answer': async () => {
    const { joinStrings } = await source.verify('txt-strings');
    return (octets) =>
      joinStrings(
        text(octets)
          .match(/[^;]{1,255}/g)
          ?.map((one) => [one]) ?? [],
        true,
      );
  },
  'DNS-over-HTTPS answer': async () => {
    const { readDohAnswer } = await source.verify('doh-answer');
    return (octets) => {
      const data = text(octets);
      const Answer = data.split(';').map((one) => ({ name: 'a.b', type: 16, TTL: 1, data: one }));
      return readDohAnswer('a.b', { Status: 0, Answer: [...Answer, { name: 'a.b', type: 16, data }] });
    };
  },
  Date: async () => {
    const { parseHttpDate } = await source.verify('http-date');
    return (octets) => parseHttpDate(text(octets));
  },
  Digest: async () => {
    const { parseDigestHeader } = await source.verify('digest-header');
    return (octets) => parseDigestHeader(text(octets));
  },
  keyId: async () => {
    const { parseKeyId } = await source.verify('key-id');
    return (octets) => parseKeyId(text(octets), 'copernica.com');
  },
  Host: async () => {
    const { normalizeHost } = await source.verify('host');
    return (octets) => normalizeHost(text(octets), '443');
  },
  'content type': async () => {
    const { formatOf } = await source.events('body-format');
    return (octets) => [formatOf(text(octets), true, octets), formatOf(undefined, false, octets)];
  },
  form: async () => {
    const { decodeForm } = await source.events('decode-body');
    return decodeForm;
  },
  JSON: async () => {
    const { decodeJson } = await source.events('decode-body');
    return decodeJson;
  },
  event: async () => {
    const { createEventParser } = await source.events('parse-event');
    const { normalize } = await source.events('normalize');
    const parse = createEventParser();
    return (body) => {
      for (const contentType of ['application/json', 'application/x-www-form-urlencoded']) {
        normalize(parse({ body, contentType, identity: 'a', key: 'k' }));
      }
    };
  },
  'field name': async () => {
    const { parseFieldName } = await source.events('field-name');
    return (octets) => parseFieldName(text(octets));
  },
  'returned mail': async () => {
    const { readReturnedMessage } = await source.events('returned-message');
    return (octets) => readReturnedMessage(decodeURIComponent(text(octets).replace(/%(?![0-9A-F]{2})/g, '-')));
  },
  'captured request, HAR': async () => {
    const { parseCaptured } = await source.captured();
    return parseCaptured;
  },
};

const fill =
  (start: string, part: string, end = '') =>
  (size: number) =>
    Buffer.from(start + part.repeat(Math.max(1, Math.floor((size - start.length - end.length) / part.length))) + end);
const numbered =
  (start: string, part: (i: number) => string, end = '') =>
  (size: number) =>
    Buffer.from(
      start + Array.from({ length: Math.floor(size / (part(1).length + 4)) }, (_, i) => part(i)).join('') + end,
    );

const har = (inner: string) => `{"log":{"entries":[{"request":{"method":"POST","url":"https://a/","headers":[${inner}`;

/** What asks for as much work as it can; each goes to every parser. */
const shapes: Record<string, (size: number) => Buffer> = {
  'white space': fill('', ' '),
  'white space before a letter': fill('a', '\t', 'b'),
  'line ends': fill('', '\r\n'),
  quotes: fill('', '"'),
  'a quote that does not end': fill('keyId="', 'a'),
  'backslashes in quotes': fill('"', '\\"'),
  parameters: numbered('keyId="a"', (i) => `,p${i}="x"`),
  'names of headers': numbered('date', (i) => ` h${i}`),
  'one name over and over': fill('date', ' date'),
  tags: numbered('v=DKIM1; p=', (i) => `; t${i}=x`),
  'base64 with spaces': fill('v=DKIM1; p=', 'AAAA '),
  'strings of 255': fill('', `${'a'.repeat(255)};`),
  'digests in a row': fill('SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', ',MD5=AAAA'),
  labels: fill('', 'a.', 'copernica.com'),
  'a long label': fill('', 'a', '.copernica.com'),
  'a content type of parameters': fill('application/json', '; a=b'),
  ampersands: fill('type=update', '&a='),
  'fields of one list': fill('', 'a[]=1&'),
  'fields by name': numbered('type=update', (i) => `&fields[n${i}]=1`),
  'fields that become objects': fill('', 'a[][][][1]=1&a[][][][0]=1&'),
  'deep names': fill('', `a${'[b]'.repeat(63)}=1&`),
  'open brackets': fill('', `${'['.repeat(200)}=1&`),
  'escapes that are not UTF-8': fill('a=', '%ff'),
  'open lists': fill('', '['),
  'open objects': fill('', '{"a":'),
  'one key over and over': fill('{', '"a":1,', '"a":1}'),
  'keys by number': numbered('{"type":"open"', (i) => `,"k${i}":${i}`, '}'),
  digits: fill('{"a":', '9', '}'),
  'escapes in JSON': fill('{"a":"', '\\u0041', '"}'),
  'a list of numbers': fill('{"a":[', '1e999,', '0]}'),
  'a mail of fields': fill('type=bounce&mime=Content-Type:multipart/report%0D%0A%0D%0A', 'Action:%0A'),
  'header lines': numbered('POST / HTTP/1.1\r\n', (i) => `a${i}: b\r\n`, '\r\n'),
  'one header line of spaces': fill('POST / HTTP/1.1\r\na:', ' ', 'b\r\n\r\n'),
  'folded lines': fill('POST / HTTP/1.1\r\na: b\r\n', ' c\r\n', '\r\n'),
  chunks: fill('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\na\r\n', '0\r\n\r\n'),
  'headers of a HAR file': fill(har(''), '{"name":"a","value":"b"},', '{"name":"Signature","value":"c"}]}}]}}'),
  'many appended': fill('', 'a[]=1&'),
  'deep appended': fill('', `a${'[]'.repeat(63)}=1&`),
  'a long name': fill('', 'a'),
  'percent signs': fill('a=', '%'),
  'not UTF-8, field by field': fill('', 'a=%ff&'),
  'overwritten lists': fill('', 'a[b]=1&a=2&'),
  'quotes in JSON': fill('{"a":"', '\\"', '"}'),
  'backslashes in JSON': fill('{"a":"', '\\\\', '"}'),
  'backslashes without an end': fill('{"a":"', '\\'),
  'white space in JSON': fill('{"a":1,', ' ', '"a":2}'),
  'a semicolon a tag': fill('type=open&tags=', ';'),
  'a mail of line ends': fill('type=bounce&mime=', '%0A'),
  'a mail of spaces': fill('type=bounce&mime=Content-Type:', '+%09'),
  'entries of a HAR file': fill('{"log":{"entries":[', '{"request":{"headers":[]}},', '{}]}}'),
};

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const ONCE = 500;

async function stepsOf(parse: (octets: Buffer) => unknown, octets: Buffer): Promise<number> {
  await takeSteps();
  try {
    await parse(octets);
  } catch {
    // A refusal is an answer.
  }
  return takeSteps();
}

describe.each(Object.keys(parsers))('%s', (name) => {
  it('takes steps, and goes through text, in proportion to the octets, whatever their shape', async () => {
    const parse = (await parsers[name]?.()) ?? expect.unreachable();
    // Loading, and what is made once, are not part of a call.
    await stepsOf(parse, fill('', 'a')(10));
    const worse: string[] = [];
    const seen = { steps: 0, native: 0 };
    for (const [shape, make] of Object.entries(shapes)) {
      const counts: Record<'steps' | 'native', number[]> = { steps: [], native: [] };
      const inputs = sizes.map(make);
      for (const octets of inputs) {
        counts.steps.push(await stepsOf(parse, octets));
        counts.native.push(await nativeWorkOf(() => parse(octets)));
      }
      for (const kind of ['steps', 'native'] as const) {
        seen[kind] = Math.max(seen[kind], ...counts[kind]);
        if (isWorse(kind, counts[kind], inputs)) worse.push(`${shape}, ${kind}: ${counts[kind].join(', ')}`);
      }
    }
    expect(worse).toEqual([]);
    expect(seen.steps, 'something must have been counted').toBeGreaterThan(0);
    expect(seen.native, 'something must have been counted').toBeGreaterThan(0);
  });
});

/**
 * So many for each octet at any size, with a grant for what is paid once; and from 10 kB on, twelve times as many at most
 * for ten times the octets, once it is more than a few for each: a way that only larger texts go may begin between two
 * sizes. What is quadratic in a kilobyte takes half a million.
 */
const most = { steps: 16, native: 24 };
const few = { steps: 0, native: 8 };

function isWorse(kind: keyof typeof most, counts: readonly number[], inputs: readonly Buffer[]): boolean {
  return counts.some((count, i) => {
    const octets = inputs[i]?.length ?? 0;
    if (count > most[kind] * octets + ONCE) return true;
    return i > 1 && count > few[kind] * octets && count > 12 * (counts[i - 1] ?? 0) + ONCE;
  });
}

it('would see what is quadratic', async () => {
  const { parseCoveredList } = await source.verify('signing-string');
  const quadratic = (octets: Buffer) => {
    for (let i = 0; i < octets.length; i++) for (let j = 0; j < octets.length; j += 50) parseCoveredList('a');
  };
  const [small = 0, large = 0] = [
    await stepsOf(quadratic, Buffer.alloc(100)),
    await stepsOf(quadratic, Buffer.alloc(1_000)),
  ];
  expect(large).toBeGreaterThan(12 * small + 500);
});

it.each<[string, (text: string) => unknown]>([
  ['a search', (text) => text.replaceAll('b', '').indexOf('b')],
  ['a pattern', (text) => /b/.test(text)],
  ['a split', (text) => text.split('b')],
  ['a text of JSON', (text) => JSON.parse(`"${text}"`)],
  ['octets', (text) => new TextDecoder().decode(Buffer.from(text))],
])('would see what goes through the whole for each octet: %s', async (_, look) => {
  const quadratic = (octets: Buffer) => {
    for (let i = 0; i < octets.length; i++) look(text(octets));
  };
  const inputs = [fill('', 'a')(1_000)];
  const counts = [await nativeWorkOf(() => quadratic(inputs[0] as Buffer))];
  expect(isWorse('native', counts, inputs)).toBe(true);
});
