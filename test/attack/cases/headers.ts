import { group } from '../case.testing.js';
import { headerOf, replaceOnWire, set } from '../draft.testing.js';

const { cases, refused, harmless } = group('header lines');

export { cases };

const repeated = 'ERR_HEADER_REPEATED';
const mismatch = 'ERR_SIGNATURE_MISMATCH';

const joined: Record<string, readonly string[]> = {
  Host: ['ERR_HOST_MISMATCH'],
  Date: ['ERR_DATE_INVALID'],
  'X-Copernica-ID': ['ERR_IDENTITY_MISMATCH'],
  Digest: [mismatch],
  Signature: ['ERR_SIGNATURE_HEADER_INVALID'],
};
for (const name of ['Host', 'Date', 'X-Copernica-ID', 'Digest', 'Signature']) {
  const at = { Fetch: { handled: 0, codes: joined[name] ?? [] } };
  refused(
    `two-${name.toLowerCase()}`,
    `${name} comes twice, with the same value`,
    repeated,
    (d) => {
      d.after = (later) => later.headers.push([name, headerOf(later, name)]);
    },
    { at },
  );
  refused(
    `two-${name.toLowerCase()}-other-first`,
    `${name} comes twice, first with another value`,
    repeated,
    (d) => {
      d.after = (later) => later.headers.unshift([name, name === 'Host' ? 'evil.example' : 'x']);
    },
    { at: { Fetch: { handled: 0 } } },
  );
  refused(
    `two-${name.toLowerCase()}-other-case`,
    `${name} comes twice, in two spellings of its name`,
    repeated,
    (d) => {
      d.after = (later) => later.headers.push([name.toUpperCase(), headerOf(later, name)]);
    },
    { at },
  );
  refused(
    `no-${name.toLowerCase()}`,
    `${name} does not come`,
    name === 'Host' ? undefined : 'ERR_HEADER_MISSING',
    (d) => {
      d.after = (later) => {
        later.headers = later.headers.filter(([one]) => one !== name);
      };
    },
  );
  refused(
    `empty-${name.toLowerCase()}`,
    `${name} is empty`,
    [
      'ERR_HOST_MISMATCH',
      'ERR_DATE_INVALID',
      'ERR_IDENTITY_MISMATCH',
      'ERR_DIGEST_HEADER_INVALID',
      'ERR_SIGNATURE_HEADER_INVALID',
    ],
    (d) => {
      d.after = (later) => set(later, name, '');
    },
  );
}
refused(
  'covered-twice',
  'a signed header that need not be there comes twice',
  'ERR_SIGNATURE_LIST_INVALID',
  (d) => {
    d.after = (later) => later.headers.push(['X-Nonce', headerOf(later, 'X-Nonce')]);
  },
  { at: { Fetch: { handled: 0, codes: [mismatch] } } },
);
refused(
  'content-type-twice',
  'a second Content-Type, to have the body read in another way',
  'ERR_SIGNATURE_LIST_INVALID',
  (d) => {
    d.after = (later) => later.headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  },
  { at: { Fetch: { handled: 0, codes: [mismatch] } } },
);
refused('content-type-changed', 'the signed Content-Type is changed', mismatch, (d) => {
  d.after = (later) => set(later, 'Content-Type', 'text/plain');
});
refused('nonce-changed', 'the signed nonce is changed, to look like a new call', mismatch, (d) => {
  d.after = (later) => set(later, 'X-Nonce', 'fresh');
});
refused(
  'folded-date',
  'a header is folded over two lines (obs-fold), in front of a reader that unfolds',
  undefined,
  (d) => {
    d.wire = replaceOnWire(' GMT\r\n', '\r\n GMT\r\n');
  },
);
refused('folded-signature', 'a second line under the Signature', undefined, (d) => {
  d.wire = replaceOnWire(/(Signature: [^\r]*)\r\n/, 'Signature: x\r\n\tkeyId="x"\r\n');
});
refused('name-with-space', 'a space between name and colon', undefined, (d) => {
  d.wire = replaceOnWire('Date:', 'Date :');
});
refused(
  'name-with-underscore',
  'X_Copernica_ID, which some servers take for X-Copernica-ID',
  'ERR_HEADER_MISSING',
  (d) => {
    d.wire = replaceOnWire('X-Copernica-ID:', 'X_Copernica_ID:');
  },
);
refused('nul-in-value', 'a NUL octet in a signed value', undefined, (d) => {
  d.wire = replaceOnWire('X-Nonce: n', 'X-Nonce: \0n');
});
refused('bare-cr-in-value', 'a carriage return alone in a signed value', undefined, (d) => {
  d.wire = replaceOnWire('X-Nonce: n', 'X-Nonce: \rn');
});
refused(
  'bare-lf-in-value',
  'a line feed in a signed value, which would add a line to the signing string',
  undefined,
  (d) => {
    d.list.push('x-a');
    d.headers.push(['X-A', '1']);
    d.lines['x-a'] = '1\nx-b: 2';
    d.wire = replaceOnWire('X-A: 1', 'X-A: 1\nx-b: 2');
  },
);
refused('no-break-space', 'a no-break space round a signed value, which must not be trimmed away', mismatch, (d) => {
  d.after = (later) => set(later, 'X-Nonce', `\u00a0${headerOf(later, 'X-Nonce')}`);
});
refused('vertical-tab', 'a vertical tab behind a signed value', undefined, (d) => {
  d.after = (later) => set(later, 'X-Nonce', `${headerOf(later, 'X-Nonce')}\u000b`);
});
refused('101-lines', 'more header lines than any proxy adds', 'ERR_HEADERS_TOO_LARGE', (d) => {
  for (let i = 0; i < 101; i++) d.headers.push([`X-${i}`, 'v']);
});
refused(
  '3000-lines',
  'so many header lines that the platform drops some in silence, among them a second Host',
  undefined,
  (d) => {
    d.after = (later) => {
      for (let i = 0; i < 2100; i++) later.headers.unshift(['a', '']);
      later.headers.push(['Host', 'evil.example']);
    };
  },
);
refused('huge-header', 'a header of 64 kB', undefined, (d) => d.headers.push(['X-Huge', 'x'.repeat(65_536)]));
harmless('space-round-values', 'spaces and tabs round signed values, which do not belong to them', (d) => {
  d.after = (later) => {
    for (const header of later.headers) if (header[0] !== 'Content-Length') header[1] = ` \t${header[1]} \t`;
  };
});
harmless('names-in-capitals', 'header names in capitals', (d) => {
  d.after = (later) => {
    for (const header of later.headers) header[0] = header[0].toUpperCase();
  };
});
harmless('proxy-headers', 'headers that proxies add, none of them signed', (d) => {
  d.headers.push(
    ['Via', '1.1 proxy'],
    ['X-Forwarded-For', '203.0.113.9'],
    ['Forwarded', 'proto=http;host=evil.example'],
    ['X-Original-URL', '/admin'],
    ['X-Forwarded-Host', 'evil.example'],
    ['X-HTTP-Method-Override', 'DELETE'],
  );
});
