import { group } from '../case.testing.js';
import { dkim, foreign, rsaName } from '../draft.testing.js';

const { cases, refused, harmless } = group('keyId');

export { cases };

/** The attacker signs with a key that is published where he can. */
const named = (keyId: string) => (d: Parameters<Parameters<typeof refused>[3]>[0]) => {
  d.keyId = keyId;
  d.privateKey = foreign.privateKey;
};
const record = dkim(foreign.privateKey);
const invalid = 'ERR_KEY_ID_INVALID';

const names: [id: string, attack: string, keyId: string][] = [
  ['other-zone', "a key in the attacker's own zone", 'one._domainkey.evil.example'],
  ['ends-alike', 'a zone that ends in the same letters', 'one._domainkey.notcopernica.com'],
  ['ends-alike-hyphen', 'and one with a hyphen', 'one._domainkey.evil-copernica.com'],
  ['zone-inside', "the vendor's name inside the attacker's", 'one._domainkey.copernica.com.evil.example'],
  ['zone-itself', 'the zone itself', 'copernica.com'],
  ['dot-zone', 'an empty label below the zone', '.copernica.com'],
  ['empty-label', 'an empty label inside', 'one.._domainkey.copernica.com'],
  ['two-dots-at-end', 'two dots at the end', 'one._domainkey.copernica.com..'],
  ['nul-octet', 'a name that a resolver cuts off at an octet', 'evil.example%00.copernica.com'],
  ['escaped-dot', 'a dot that is escaped as zone files have it', 'evil.example\\046copernica.com'],
  ['at-sign', 'a user name in front, as URLs have it', 'evil.example@x.copernica.com'],
  ['slash', 'a path', 'evil.example/.copernica.com'],
  ['url', 'a URL, to make the receiver fetch it', 'https://evil.example/.copernica.com'],
  ['file', 'a file', '../../etc/passwd.copernica.com'],
  ['port', 'a port', 'x.copernica.com:53'],
  ['question-mark', 'a query', 'evil.example?.copernica.com'],
  ['hash', 'a fragment', 'evil.example#.copernica.com'],
  ['space-in-front', 'a space in front', ` ${rsaName}`],
  ['space-inside', 'a space inside', 'evil.example .copernica.com'],
  ['wildcard', 'a wildcard', '*.copernica.com'],
  ['not-ascii', 'a letter that only looks like one of the zone', 'one._domainkey.c\u00f6pernica.com'],
  ['label-too-long', 'a label of 64 characters', `${'a'.repeat(64)}.copernica.com`],
  ['name-too-long', 'a name of more than 253 characters', `${'a.'.repeat(125)}copernica.com`],
  ['hyphen-first', 'a label that begins with a hyphen', '-x.copernica.com'],
  ['address', 'an address', '192.0.2.1'],
  ['address-in-brackets', 'an address in brackets, and the zone', '[::1].copernica.com'],
  ['underscore-zone', 'the zone with an underscore', 'one._domainkey._copernica.com'],
];
for (const [id, attack, keyId] of names) {
  refused(`key-id-${id}`, attack, keyId.includes('\\') ? 'ERR_SIGNATURE_HEADER_INVALID' : invalid, named(keyId), {
    dns: { [rsaName.replace('one', 'unused')]: record },
  });
}
refused(
  'key-id-unknown',
  'a name in the zone that does not exist',
  'ERR_KEY_NOT_FOUND',
  named('nowhere._domainkey.copernica.com'),
);
refused('key-id-foreign-key', "the vendor's name, and the attacker's key", 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.privateKey = foreign.privateKey;
});
harmless('key-id-in-capitals', 'the name in capitals, with a dot at its end', (d) => {
  d.keyId = `${rsaName.toUpperCase()}.`;
});
