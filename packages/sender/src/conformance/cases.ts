import { type FaultName, faultNames, faults } from '../faults.js';
import { eventKinds } from '../sample-event.js';
import { accepts, type ConformanceCase, callFor, expectHandled, freshEvent, refuses, statusOf } from './case.js';
import { type ConformanceEndpoint, ConformanceError } from './endpoint.js';

const present = (endpoint: ConformanceEndpoint) => endpoint.now?.() ?? new Date();

const encodings = ['json', 'form'] as const;
const everyKind = encodings.map((encoding) =>
  accepts(`every kind of event as ${encoding}`, (endpoint) =>
    eventKinds.map((kind) => callFor(endpoint, { event: freshEvent(present(endpoint), kind), encoding })),
  ),
);

/** Both spellings of the vendor, and another case. */
const spellings: readonly [string, (id: string) => string][] = [
  ['with a hyphen', (id) => id.replace('_', '-')],
  ['with an underscore', (id) => id.replace('-', '_')],
  ['with a capital letter', (id) => `${id.charAt(0).toUpperCase()}${id.slice(1)}`],
];

const withQuery = (url: string) => `${url}${url.includes('?') ? '&' : '?'}a=1&b=%2F%20+x%C3%A9`;
const octets = () => Uint8Array.from({ length: 512 }, (_, i) => i % 256);

const dialects: readonly ConformanceCase[] = [
  ...spellings.map(([how, spell]) =>
    accepts(`an X-Copernica-ID ${how}`, (endpoint) => [callFor(endpoint, { id: spell(endpoint.id) })]),
  ),
  accepts('a Signature as the vendor prints it: mixed case, white space, a comma missing', (endpoint) => [
    callFor(endpoint, { headerList: 'documented' }),
  ]),
  accepts('a Signature that names no algorithm', (endpoint) => [callFor(endpoint, { algorithm: null })]),
  accepts('a Signature that leaves the algorithm to the key (hs2019)', (endpoint) => [
    callFor(endpoint, { algorithm: 'hs2019' }),
  ]),
  accepts('two digests', (endpoint) => [callFor(endpoint, { digestAlgorithms: ['SHA-256', 'SHA-512'] })]),
  accepts('a strong digest beside a weak one', (endpoint) => [
    callFor(endpoint, { digestAlgorithms: ['MD5', 'SHA-256'] }),
  ]),
  accepts('a query with escapes', (endpoint) => [callFor(endpoint, { url: withQuery(endpoint.url) })]),
  accepts('a Date of a minute ago', (endpoint) => [
    callFor(endpoint, { date: new Date(present(endpoint).getTime() - 60_000) }),
  ]),
];

const bodies: readonly ConformanceCase[] = [
  accepts('a type of event that does not exist yet', (endpoint) => [
    callFor(endpoint, { event: { ...freshEvent(present(endpoint)), type: 'conformance-of-tomorrow' } }),
  ]),
  accepts('fields that do not exist yet', (endpoint) =>
    encodings.map((encoding) =>
      callFor(endpoint, { event: { ...freshEvent(present(endpoint)), added: { later: ['x'] } }, encoding }),
    ),
  ),
  accepts('a body whose meaning a parser would keep and whose bytes it would not', (endpoint) => {
    const fields = JSON.stringify(freshEvent(present(endpoint)));
    return [callFor(endpoint, { body: `${fields.slice(0, -1)} ,\r\n "x" : "\\u00e9\\/é" }\n` })];
  }),
  accepts('a bounce of 1 MiB with every octet in it', (endpoint) => {
    const mime = Buffer.from(octets()).toString('latin1').repeat(2048);
    return [callFor(endpoint, { event: { ...freshEvent(present(endpoint), 'bounce'), mime } })];
  }),
];

const repeats: ConformanceCase = {
  name: 'the same call again, and at the same time, without handling it twice',
  group: 'accepts',
  skip: () => undefined,
  async run(endpoint) {
    const before = await endpoint.handled?.();
    const call = callFor(endpoint);
    const statuses = await Promise.all([statusOf(endpoint, call), statusOf(endpoint, call)]);
    statuses.push(await statusOf(endpoint, call));
    const [first = 0] = [...statuses].sort();
    const last = Math.max(...statuses);
    if (first > 299 || last > 499) {
      throw new ConformanceError(repeats.name, 'one 2xx at least and no 5xx', statuses.join(', '));
    }
    await expectHandled(repeats.name, endpoint, before, 1);
  },
};

const plainHttp = refuses('a call over plain HTTP', 403, callFor, {
  forwarded: false,
  skip(endpoint) {
    if (endpoint.send !== undefined) return 'calls do not go over a connection';
    if (!endpoint.url.startsWith('https:')) return 'the configured URL is http';
    const to = endpoint.to ?? endpoint.url;
    return to.startsWith('https:') ? 'the endpoint takes no plain connections here' : undefined;
  },
});

const fault = (name: FaultName) =>
  refuses(faults[name].title, faults[name].expected, (endpoint) => callFor(endpoint, { fault: name }));

/** What every endpoint for the vendor's calls must do, in the order in which it is tried. */
export const cases: readonly ConformanceCase[] = [
  ...everyKind,
  ...dialects,
  ...bodies,
  repeats,
  plainHttp,
  ...faultNames.map(fault),
];
