import { gzipSync } from 'node:zlib';
import { group } from '../case.testing.js';
import { type Draft, finish, genuine, headerOf, path, replaceOnWire, set, setBody } from '../draft.testing.js';

const { cases, refused, harmless, repeated } = group('HTTP and bodies', { cut: true });

export { cases };

const evil = `POST ${path} HTTP/1.1\r\nHost: example.com\r\nContent-Length: 2\r\nX-Forwarded-Proto: https\r\n\r\n{}`;
const lengthUnsigned = (d: Draft) => {
  d.list = d.list.filter((name) => name !== 'content-length');
};
const onWire = (from: string | RegExp, to: string) => (d: Draft) => {
  lengthUnsigned(d);
  d.wire = replaceOnWire(from, to);
};
const length = /Content-Length: \d+/;

refused(
  'http-cl-and-te',
  'Content-Length and Transfer-Encoding: two readers see two bodies',
  undefined,
  onWire(length, 'Content-Length: 4\r\nTransfer-Encoding: chunked'),
);
refused(
  'http-te-and-cl',
  'and the other way round',
  undefined,
  onWire(length, 'Transfer-Encoding: chunked\r\nContent-Length: 4'),
);
refused(
  'http-te-twice',
  'Transfer-Encoding twice',
  undefined,
  onWire(length, 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity'),
);
refused(
  'http-te-obscured',
  'Transfer-Encoding spelled so that one of two readers misses it',
  undefined,
  onWire(length, 'Transfer-Encoding: xchunked'),
);
refused('http-te-tab', 'and with a tab', undefined, onWire(length, 'Transfer-Encoding:\tchunked\r\nContent-Length: 5'));
refused(
  'http-te-gzip',
  'a transfer coding besides chunked',
  undefined,
  onWire(length, 'Transfer-Encoding: gzip, chunked'),
);
refused(
  'http-two-lengths',
  'two lengths that differ',
  undefined,
  onWire(length, 'Content-Length: 4\r\nContent-Length: 40'),
);
refused('http-length-list', 'two lengths in one header', undefined, onWire(length, 'Content-Length: 4, 40'));
refused('http-length-negative', 'a negative length', undefined, onWire(length, 'Content-Length: -1'));
refused('http-length-plus', 'a length with a sign', undefined, onWire(length, 'Content-Length: +4'));
refused('http-length-hex', 'a length in hexadecimal', undefined, onWire(length, 'Content-Length: 0x10'));
refused(
  'http-length-huge',
  'a length beyond all integers',
  undefined,
  onWire(length, 'Content-Length: 99999999999999999999999'),
);
refused(
  'http-length-gigabyte',
  'a length of a gigabyte, and nothing that comes',
  ['ERR_BODY_TOO_LARGE'],
  onWire(length, 'Content-Length: 1073741824'),
);
refused(
  'http-length-longer',
  'a length that is longer than what comes',
  'ERR_BODY_ABORTED',
  (d) => {
    lengthUnsigned(d);
    d.after = (later) => set(later, 'Content-Length', String(later.body.length + 1));
  },
  { at: { 'own server': { handled: 0, codes: ['ERR_BODY_ABORTED', 'ERR_HTTP_UNREADABLE'] } } },
);
refused(
  'http-length-shorter',
  'a length that is shorter: the rest would be the next request',
  ['ERR_DIGEST_MISMATCH'],
  (d) => {
    lengthUnsigned(d);
    d.after = (later) => set(later, 'Content-Length', String(later.body.length - 1));
  },
  { at: { 'own server': { handled: 0, codes: ['ERR_DIGEST_MISMATCH', 'ERR_HTTP_UNREADABLE', 'ERR_BODY_ABORTED'] } } },
);
refused('http-chunk-huge', 'a chunk of a size beyond all integers', undefined, (d) => {
  lengthUnsigned(d);
  d.wire = (octets) =>
    Buffer.from(
      octets
        .toString('latin1')
        .replace(length, 'Transfer-Encoding: chunked')
        .replace(/\r\n\r\n[\s\S]*/, '\r\n\r\nffffffffffffffffff\r\nx'),
      'latin1',
    );
});
refused(
  'http-chunk-unfinished',
  'chunks that do not end',
  'ERR_BODY_ABORTED',
  (d) => {
    lengthUnsigned(d);
    d.wire = (octets) =>
      Buffer.from(
        octets
          .toString('latin1')
          .replace(length, 'Transfer-Encoding: chunked')
          .replace(/\r\n\r\n[\s\S]*/, '\r\n\r\n4\r\n{"ty\r\n'),
        'latin1',
      );
  },
  { at: { 'own server': { handled: 0 } } },
);
refused('http-smuggled', 'a forged request behind a genuine head that says to have no body', undefined, (d) => {
  lengthUnsigned(d);
  d.wire = (octets) =>
    Buffer.concat([
      Buffer.from(
        octets
          .toString('latin1')
          .replace(length, 'Content-Length: 0')
          .replace(/\r\n\r\n[\s\S]*/, '\r\n\r\n'),
        'latin1',
      ),
      Buffer.from(evil),
    ]);
});
refused('http-bare-lf', 'line feeds without carriage returns', undefined, (d) => {
  d.wire = (octets) => Buffer.from(octets.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
});
refused('http-cr-only-end', 'a head that ends with carriage returns', undefined, (d) => {
  d.wire = replaceOnWire('\r\n\r\n', '\r\r');
});
harmless('http-version-2', 'HTTP/2.0 in the request line, which Node takes for 1.1', (d) => {
  d.version = 'HTTP/2.0';
});
harmless('http-version-none', 'no version in the request line, which Node takes for HTTP/0.9', (d) => {
  d.wire = replaceOnWire(' HTTP/1.1', '');
});
refused('http-no-host-1.1', 'HTTP/1.1 without Host', undefined, (d) => {
  d.after = (later) => {
    later.headers = later.headers.filter(([name]) => name !== 'Host');
  };
});
refused('http-expect-other', 'an expectation that nobody knows', undefined, (d) => d.headers.push(['Expect', 'evil']), {
  at: { Fetch: { handled: 0 } },
});
refused(
  'http-connect',
  'CONNECT',
  undefined,
  (d) => {
    d.wire = replaceOnWire(`POST ${path}`, 'CONNECT example.com:443');
  },
  { silent: true },
);
refused('http-content-encoding', 'a compressed body', 'ERR_CONTENT_ENCODING', (d) => {
  setBody(d, gzipSync(d.body));
  d.headers.push(['Content-Encoding', 'gzip']);
});
refused('http-content-encoding-bomb', 'a body that would be a gigabyte', 'ERR_CONTENT_ENCODING', (d) => {
  setBody(d, gzipSync(Buffer.alloc(1_000_000)));
  d.headers.push(['Content-Encoding', 'br, gzip']);
});
refused('http-six-megabytes', 'a genuine call of more than is taken', 'ERR_BODY_TOO_LARGE', (d) =>
  setBody(d, Buffer.alloc(6_000_000, 0x20)),
);
refused('http-trailer-signature', 'the Signature in a trailer', 'ERR_HEADER_MISSING', (d) => {
  lengthUnsigned(d);
  d.wire = (octets) => {
    const [head = '', body = ''] = octets.toString('latin1').split('\r\n\r\n');
    const line = /Signature: [^\r]*\r\n/.exec(head)?.[0] ?? '';
    const rest = head.replace(line, '').replace(length, 'Transfer-Encoding: chunked\r\nTrailer: Signature');
    return Buffer.from(`${rest}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n${line}\r\n`, 'latin1');
  };
});
refused('http-garbage', 'octets that are no HTTP', undefined, (d) => {
  d.wire = () => Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1');
});
harmless('http-1.0', 'HTTP/1.0', (d) => {
  d.version = 'HTTP/1.0';
});
harmless('http-expect-continue', 'Expect: 100-continue', (d) => d.headers.push(['Expect', '100-continue']));
harmless('http-upgrade', 'a request to be upgraded', (d) =>
  d.headers.push(['Connection', 'Upgrade'], ['Upgrade', 'h2c']),
);
harmless('http-trailers', 'trailers that say something else than the head', (d) => {
  lengthUnsigned(d);
  d.wire = (octets) => {
    const [head = '', body = ''] = octets.toString('latin1').split('\r\n\r\n');
    return Buffer.from(
      `${head.replace(length, 'Transfer-Encoding: chunked')}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nX-Copernica-ID: environment-666\r\nHost: evil.example\r\n\r\n`,
      'latin1',
    );
  };
});
harmless('http-chunk-extensions', 'chunks of one octet, with extensions', (d) => {
  lengthUnsigned(d);
  d.wire = (octets) => {
    const [head = '', body = ''] = octets.toString('latin1').split('\r\n\r\n');
    const chunks = [...body].map((one) => `1;x=${'y'.repeat(3)}\r\n${one}\r\n`).join('');
    return Buffer.from(`${head.replace(length, 'Transfer-Encoding: chunked')}\r\n\r\n${chunks}0\r\n\r\n`, 'latin1');
  };
});
harmless('http-connection-names-signed', 'Connection names a signed header, for a proxy to drop it', (d) =>
  d.headers.push(['Connection', 'close, X-Nonce']),
);
repeated('http-pipelined-after-refused', 'a genuine call behind a forged one, on one connection', () => {
  const good = finish(genuine());
  const bad = genuine();
  bad.after = (later) => set(later, 'X-Nonce', `${headerOf(later, 'X-Nonce')}!`);
  return [Buffer.concat([finish(bad), good])];
});
