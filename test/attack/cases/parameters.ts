import { group } from '../case.testing.js';
import { rsaName } from '../draft.testing.js';

const { cases, refused, harmless } = group('Signature parameters');

export { cases };

const invalid = 'ERR_SIGNATURE_HEADER_INVALID';
const evil = 'evil._domainkey.copernica.com';
const names = '(request-target) host date x-copernica-id digest';

/** Spells the whole header; the signature is over the five names. */
const spelled = (write: (signature: string) => string) => (d: Parameters<Parameters<typeof refused>[3]>[0]) => {
  d.list = names.split(' ');
  d.parameters = write;
};

refused(
  'two-keyid',
  'keyId twice, the last one genuine',
  invalid,
  spelled((s) => `keyId="${evil}",keyId="${rsaName}",headers="${names}",signature="${s}"`),
  { vendorAccepts: 'of several parameters of one name the last one wins' },
);
refused(
  'two-keyid-other-case',
  'keyId twice, in two spellings',
  invalid,
  spelled((s) => `keyId="${rsaName}",KEYID="${evil}",headers="${names}",signature="${s}"`),
);
refused(
  'two-headers',
  'headers twice, the last one genuine',
  invalid,
  spelled((s) => `keyId="${rsaName}",headers="date",headers="${names}",signature="${s}"`),
  { vendorAccepts: 'of several parameters of one name the last one wins' },
);
refused(
  'two-signature-parameters',
  'signature twice, the last one genuine',
  invalid,
  spelled((s) => `keyId="${rsaName}",headers="${names}",signature="AAAA",signature="${s}"`),
  { vendorAccepts: 'of several parameters of one name the last one wins' },
);
refused(
  'two-algorithm',
  'algorithm twice',
  invalid,
  spelled((s) => `keyId="${rsaName}",algorithm="none",algorithm="rsa-sha256",headers="${names}",signature="${s}"`),
  { vendorAccepts: 'of several parameters of one name the last one wins' },
);
refused(
  'prefixed-name',
  'foo-keyId in place of keyId',
  invalid,
  spelled((s) => `foo-keyId="${rsaName}",headers="${names}",signature="${s}"`),
  { vendorAccepts: 'its pattern finds keyId at the end of a longer name' },
);
refused(
  'no-keyid',
  'no keyId',
  invalid,
  spelled((s) => `headers="${names}",signature="${s}"`),
);
refused(
  'no-signature-parameter',
  'no signature',
  invalid,
  spelled(() => `keyId="${rsaName}",headers="${names}"`),
);
refused(
  'empty-signature-parameter',
  'an empty signature',
  invalid,
  spelled(() => `keyId="${rsaName}",headers="${names}",signature=""`),
);
refused(
  'empty-keyid',
  'an empty keyId',
  'ERR_KEY_ID_INVALID',
  spelled((s) => `keyId="",headers="${names}",signature="${s}"`),
);
refused(
  'unquoted-signature',
  'a signature without quotes, which ends at its first plus or slash',
  invalid,
  spelled((s) => `keyId="${rsaName}",headers="${names}",signature=${s}+=`),
);
refused(
  'single-quotes',
  'single quotes',
  invalid,
  spelled((s) => `keyId='${rsaName}',headers='${names}',signature='${s}'`),
);
refused(
  'unclosed-quote',
  'a quote that does not close',
  invalid,
  spelled((s) => `keyId="${rsaName}",headers="${names}",signature="${s}`),
);
refused(
  'value-in-value',
  'parameters inside the value of an unknown one',
  invalid,
  spelled((s) => `foo="x",keyId="${rsaName}",headers="${names}",bar="signature=${s}"`),
);
refused(
  'escaped-quote',
  'a quote in the value, escaped',
  invalid,
  spelled((s) => `keyId="${rsaName}\\",headers=\\"x",headers="${names}",signature="${s}"`),
);
refused(
  'backslash',
  'a backslash in the keyId',
  invalid,
  spelled((s) => `keyId="one\\._domainkey.copernica.com",headers="${names}",signature="${s}"`),
);
refused(
  'parameters-in-log',
  'a piece of a signature where a name is expected, which the log would quote',
  invalid,
  spelled((s) => `keyId="${rsaName}",headers="${names}" ${s.replace(/[+/=]/g, 'x')}`),
);
refused(
  'semicolons',
  'semicolons between the parameters',
  invalid,
  spelled((s) => `keyId="${rsaName}";headers="${names}";signature="${s}"`),
);
refused(
  'scheme-in-front',
  'the Signature of the Authorization header, scheme and all',
  invalid,
  spelled((s) => `Signature keyId="${rsaName}",headers="${names}",signature="${s}"`),
);
refused(
  'no-equals',
  'a colon for the equals sign',
  invalid,
  spelled((s) => `keyId:"${rsaName}",headers:"${names}",signature:"${s}"`),
);
refused(
  'run-together',
  'no comma and no space between parameters',
  invalid,
  spelled((s) => `keyId="${rsaName}"headers="${names}"signature="${s}"`),
);
refused(
  'seventeen-parameters',
  'more parameters than any draft has',
  invalid,
  spelled(
    (s) =>
      `${Array.from({ length: 14 }, (_, i) => `p${i}="x"`).join(',')},keyId="${rsaName}",headers="${names}",signature="${s}"`,
  ),
);
refused(
  'nine-kilobytes',
  'a header of 9 kB',
  invalid,
  spelled((s) => `pad="${'x'.repeat(9000)}",keyId="${rsaName}",headers="${names}",signature="${s}"`),
);
refused(
  'signature-in-base64url',
  'a signature in base64url, without padding',
  [invalid, 'ERR_SIGNATURE_MISMATCH'],
  (d) => {
    d.spell = (signature) => signature.toString('base64url');
  },
);
refused('signature-unpadded', 'a signature without its padding', invalid, (d) => {
  d.spell = (signature) => signature.toString('base64').replace(/=+$/, '');
});
refused('signature-overpadded', 'a signature with more padding', invalid, (d) => {
  d.spell = (signature) => `${signature.toString('base64')}=`;
});
refused(
  'signature-trailing-bits',
  'a signature whose unused bits are set, to be another text of the same octets',
  invalid,
  (d) => {
    d.spell = (signature) => {
      const text = signature.toString('base64');
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
      const at = text.length - 3;
      return `${text.slice(0, at)}${alphabet[alphabet.indexOf(text[at] ?? '') + 1]}${text.slice(at + 1)}`;
    };
  },
);
refused('signature-in-hex', 'a signature in hexadecimal', [invalid, 'ERR_SIGNATURE_MISMATCH'], (d) => {
  d.spell = (signature) => signature.toString('hex');
});
refused('foreign-characters', 'characters in the base64 that lenient decoders skip', invalid, (d) => {
  d.spell = (signature) => signature.toString('base64').replace(/^(.{10})/, '$1*!');
});
harmless(
  'any-order',
  'parameters in any order, with any spaces, in any case, with ones that nobody knows',
  spelled((s) => ` signature = "${s}" , x="y"  HEADERS="${names}"\t, KeyId="${rsaName}" ,,`),
);
harmless('wrapped-base64', 'base64 wrapped over runs of spaces, as the vendor prints it', (d) => {
  d.spell = (signature) => signature.toString('base64').replace(/(.{64})/g, '$1   ');
});
