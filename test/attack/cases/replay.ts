import { group } from '../case.testing.js';
import { type Draft, finish, genuine, headerOf, replaceOnWire, set, useEd25519 } from '../draft.testing.js';

const { cases, repeated } = group('replay');

export { cases };

const copies =
  (count: number, by: (draft: Draft) => void = () => {}) =>
  () => {
    const draft = genuine();
    by(draft);
    const octets = finish(draft);
    return Array.from({ length: count }, () => octets);
  };
/** One genuine call, spelled in ways that mean the same. */
const respelled =
  (...ways: ((octets: Buffer) => Buffer)[]) =>
  () => {
    const octets = finish(genuine());
    return [octets, ...ways.map((way) => way(octets))];
  };
const signature = (change: (value: string) => string) => (octets: Buffer) =>
  Buffer.from(
    octets.toString('latin1').replace(/Signature: ([^\r]*)/, (_, value: string) => `Signature: ${change(value)}`),
    'latin1',
  );

repeated('replay-serial', 'the same call ten times, one after the other', copies(10), { serial: true });
repeated('replay-at-once', 'the same call twenty times at once', copies(20));
repeated('replay-ed25519', 'the same under an Ed25519 key', copies(10, useEd25519));
repeated(
  'replay-parameters-reordered',
  'the Signature header in another order',
  respelled(signature((value) => value.split(',').reverse().join(','))),
  { serial: true },
);
repeated(
  'replay-parameter-added',
  'with a parameter that nobody knows',
  respelled(signature((value) => `${value},x="${'y'.repeat(20)}"`)),
  { serial: true },
);
repeated(
  'replay-algorithm-renamed',
  'with another name for the algorithm',
  respelled(
    signature((value) => value.replace('"rsa-sha256"', '"hs2019"')),
    signature((value) => value.replace('algorithm="rsa-sha256",', '')),
  ),
  { serial: true },
);
repeated(
  'replay-base64-wrapped',
  'with spaces in the base64',
  respelled(signature((value) => value.replace(/(signature=".{20})/, '$1  '))),
  { serial: true },
);
repeated(
  'replay-key-id-respelled',
  'with the keyId in capitals and a final dot',
  respelled(signature((value) => value.replace('one._domainkey.copernica.com', 'ONE._domainkey.copernica.COM.'))),
  { serial: true },
);
repeated(
  'replay-list-respelled',
  'with the list in capitals',
  respelled(signature((value) => value.replace('x-copernica-id', 'X-Copernica-ID').replace(' digest', '   DIGEST'))),
  { serial: true },
);
repeated(
  'replay-unsigned-headers',
  'with headers that are not signed',
  respelled(replaceOnWire('X-Nonce:', 'X-Other: 1\r\nX-Nonce:')),
  { serial: true },
);
repeated(
  'replay-header-order',
  'with its header lines in another order',
  () => {
    const draft = genuine();
    const octets = finish(draft);
    draft.headers.reverse();
    const head = draft.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return [
      octets,
      Buffer.concat([
        Buffer.from(`POST ${draft.target} HTTP/1.1\r\n${head}X-Forwarded-Proto: https\r\n\r\n`, 'latin1'),
        draft.body,
      ]),
    ];
  },
  { serial: true },
);
repeated('replay-all-at-once-respelled', 'ten spellings at once', () => {
  const octets = finish(genuine());
  return Array.from({ length: 10 }, (_, i) => signature((value) => `${value},n${i}="x"`)(octets));
});
repeated(
  'replay-chunked',
  'in chunks, where the length is not signed',
  () => {
    const draft = genuine();
    draft.list = draft.list.filter((name) => name !== 'content-length');
    const octets = finish(draft);
    const text = octets.toString('latin1');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const chunked = `${head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    return [octets, Buffer.from(chunked, 'latin1')];
  },
  { serial: true },
);
repeated(
  'replay-pipelined',
  'twice on one connection',
  () => {
    const octets = finish(genuine());
    return [Buffer.concat([octets, octets])];
  },
  { answers: 2 },
);
repeated(
  'replay-false-start',
  'the head of a genuine call with another body first: the genuine one must still get in',
  () => {
    const octets = finish(genuine());
    const forged = Buffer.from(octets);
    forged[forged.length - 4] = (forged[forged.length - 4] ?? 0) ^ 1;
    return [forged, octets];
  },
  { serial: true },
);
repeated(
  'replay-half-first',
  'half of a genuine call first, and the connection is cut',
  () => {
    const octets = finish(genuine());
    return [octets.subarray(0, octets.length - 10), octets];
  },
  { serial: true, cut: true },
);
repeated(
  'replay-signed-anew',
  'one event signed anew is another call: it is handled, under the same key',
  () => {
    const first = genuine();
    const second = genuine(first.body.toString());
    set(second, 'X-Nonce', `${headerOf(second, 'X-Nonce')}x`);
    return [finish(first), finish(second)];
  },
  { serial: true, handled: 2 },
);
