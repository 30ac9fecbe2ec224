import { group } from '../case.testing.js';
import { digest, set, setBody } from '../draft.testing.js';

const { cases, refused, harmless } = group('Digest');

export { cases };

const invalid = 'ERR_DIGEST_HEADER_INVALID';
const weak = 'ERR_DIGEST_WEAK';
const mismatch = 'ERR_DIGEST_MISMATCH';
const other = digest('another body');
const digested = (write: (body: Buffer) => string) => (d: Parameters<Parameters<typeof refused>[3]>[0]) =>
  set(d, 'Digest', write(d.body));

refused(
  'digest-other-body',
  'the digest of another body',
  mismatch,
  digested(() => `SHA-256=${other}`),
);
refused('digest-body-changed', 'one octet of the body is changed', mismatch, (d) => {
  d.after = (later) => {
    later.body[3] = (later.body[3] ?? 0) ^ 1;
  };
});
refused('digest-body-shortened', 'the body is cut short, and its length with it', ['ERR_SIGNATURE_MISMATCH'], (d) => {
  d.after = (later) => {
    later.body = later.body.subarray(0, -5);
    set(later, 'Content-Length', String(later.body.length));
  };
});
refused('digest-body-shortened-length-unsigned', 'and the length is not signed', mismatch, (d) => {
  d.list = d.list.filter((name) => name !== 'content-length');
  d.after = (later) => {
    later.body = later.body.subarray(0, -5);
    set(later, 'Content-Length', String(later.body.length));
  };
});
refused('digest-empty-body', 'no body at all', mismatch, (d) => {
  d.list = d.list.filter((name) => name !== 'content-length');
  d.after = (later) => {
    later.body = Buffer.alloc(0);
    set(later, 'Content-Length', '0');
  };
});
refused(
  'digest-md5',
  'MD5 alone',
  weak,
  digested((body) => `MD5=${digest(body, 'md5')}`),
);
refused(
  'digest-sha1',
  'SHA-1 alone',
  weak,
  digested((body) => `SHA=${digest(body, 'sha1')}`),
);
refused(
  'digest-unixsum',
  'a checksum that is none',
  weak,
  digested(() => 'UNIXsum=30637'),
);
refused(
  'digest-unknown',
  'an algorithm that nobody knows',
  weak,
  digested(() => 'ID-SHA-999=AAAA'),
);
refused(
  'digest-two-one-wrong',
  'two values, one of them wrong',
  mismatch,
  digested((body) => `SHA-256=${digest(body)},SHA-256=${other}`),
);
refused(
  'digest-two-first-wrong',
  'two values, the first one wrong',
  mismatch,
  digested((body) => `SHA-256=${other},SHA-256=${digest(body)}`),
);
refused(
  'digest-sha512-wrong',
  'SHA-256 right, SHA-512 wrong',
  mismatch,
  digested((body) => `SHA-256=${digest(body)},SHA-512=${digest('x', 'sha512')}`),
);
refused(
  'digest-hex',
  'the value in hexadecimal',
  invalid,
  digested((body) => `SHA-256=${Buffer.from(digest(body), 'base64').toString('hex')}`),
);
refused(
  'digest-base64url',
  'the value in base64url',
  invalid,
  digested((body) => `SHA-256=${Buffer.from(digest(body), 'base64').toString('base64url')}`),
);
refused(
  'digest-truncated',
  'half of the value',
  invalid,
  digested((body) => `SHA-256=${digest(body).slice(0, 20)}`),
);
refused(
  'digest-colon',
  'the form of the newer Content-Digest',
  invalid,
  digested((body) => `sha-256=:${digest(body)}:`),
);
refused(
  'digest-no-name',
  'no algorithm',
  invalid,
  digested((body) => digest(body)),
);
refused(
  'digest-empty-list',
  'commas alone',
  invalid,
  digested(() => ',,,'),
);
refused(
  'digest-seventeen',
  'seventeen values',
  invalid,
  digested((body) => Array.from({ length: 17 }, () => `SHA-256=${digest(body)}`).join(',')),
);
refused(
  'digest-sha384-as-sha256',
  'the digest of another algorithm under the name',
  invalid,
  digested((body) => `SHA-256=${digest(body, 'sha384')}`),
);
refused(
  'digest-spelled',
  'a name that contains the right one',
  weak,
  digested((body) => `x-sha-256=${digest(body)}`),
);
refused(
  'digest-quoted',
  'the value in quotes',
  invalid,
  digested((body) => `SHA-256="${digest(body)}"`),
);
refused(
  'digest-content-digest-only',
  'the right value in Content-Digest, none in Digest',
  'ERR_HEADER_MISSING',
  (d) => {
    d.headers = d.headers.map(([name, value]) => [name === 'Digest' ? 'Content-Digest' : name, value]);
  },
);
harmless(
  'digest-lower-case',
  'sha-256 in lower case',
  digested((body) => `sha-256=${digest(body)}`),
);
harmless(
  'digest-both',
  'SHA-256, SHA-512 and a weak one beside them',
  digested((body) => `SHA-256=${digest(body)}, SHA-512=${digest(body, 'sha512')}, MD5=AAAA`),
);
harmless(
  'digest-sha512-alone',
  'SHA-512 alone',
  digested((body) => `SHA-512=${digest(body, 'sha512')}`),
);
harmless('digest-of-megabyte', 'a body of a megabyte', (d) =>
  setBody(d, `{"type":"open","id":"${'x'.repeat(1_000_000)}"}`),
);
