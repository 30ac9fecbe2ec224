import { generateKeyPairSync } from 'node:crypto';
import type { KeyRecord } from '@smtpeter-webhooks/sender';
import { group } from '../case.testing.js';
import { dkim, foreign, rsa, spki } from '../draft.testing.js';

const { cases, refused, harmless } = group('DNS answers');

export { cases };

const record = dkim(rsa.privateKey);
const base64 = spki(rsa.privateKey).toString('base64');
let count = 0;

function hostile(
  id: string,
  attack: string,
  codes: string | readonly string[],
  what: KeyRecord,
  more: Record<string, KeyRecord> = {},
): void {
  const name = `dns${++count}._domainkey.copernica.com`;
  refused(
    `dns-${id}`,
    attack,
    codes,
    (d) => {
      d.keyId = name;
    },
    { dns: { [name]: what, ...more } },
  );
}
function fine(id: string, attack: string, what: KeyRecord, more: Record<string, KeyRecord> = {}): void {
  const name = `dns${++count}._domainkey.copernica.com`;
  harmless(
    `dns-${id}`,
    attack,
    (d) => {
      d.keyId = name;
    },
    { dns: { [name]: what, ...more } },
  );
}

const failed = 'ERR_KEY_LOOKUP_FAILED';
const unusable = 'ERR_KEY_UNUSABLE';
const missing = 'ERR_KEY_NOT_FOUND';

hostile('nothing', 'no TXT records', missing, { behaviour: 'NODATA' });
hostile('servfail', 'the server fails', failed, { behaviour: 'SERVFAIL' });
hostile('refused', 'the server refuses', failed, { behaviour: 'REFUSED' });
hostile('garbage', 'octets that are no message', failed, { behaviour: 'garbage' });
hostile('wrong-id', 'a right answer under another number, as a spoofer sends it', failed, {
  behaviour: 'wrong-id',
  txt: [record],
});
hostile('silence', 'no answer at all', failed, { behaviour: 'silence' });
hostile(
  'cname-loop',
  'an alias of itself',
  [missing, failed],
  { cname: 'loop._domainkey.copernica.com' },
  { 'loop._domainkey.copernica.com': { cname: 'loop._domainkey.copernica.com' } },
);
hostile('cname-nowhere', 'an alias that leads to nothing', [missing, failed], { cname: 'nowhere.example' });
hostile('other-key', "the attacker's key in place of ours", 'ERR_SIGNATURE_MISMATCH', dkim(foreign.privateKey));
hostile('revoked', 'a key that was revoked', 'ERR_KEY_REVOKED', 'v=DKIM1; k=rsa; p=');
hostile(
  'two-p',
  'two keys in one record',
  unusable,
  `v=DKIM1; p=${spki(foreign.privateKey).toString('base64')}; p=${base64}`,
);
hostile('version-2', 'another version', unusable, record.replace('DKIM1', 'DKIM2'));
hostile('other-hash', 'a key for SHA-1 alone', unusable, record.replace('k=rsa', 'k=rsa; h=sha1'));
hostile('other-type', 'another type of key', unusable, record.replace('k=rsa', 'k=dsa'));
hostile('not-base64', 'a key that is no base64', unusable, `v=DKIM1; p=${'*'.repeat(400)}`);
hostile('not-der', 'a key that is no DER', unusable, `v=DKIM1; p=${Buffer.alloc(300, 0x41).toString('base64')}`);
hostile(
  'der-lies',
  'DER that says to be longer than it is',
  unusable,
  `v=DKIM1; p=${Buffer.concat([Buffer.from('3083ffffff', 'hex'), Buffer.alloc(64)]).toString('base64')}`,
);
hostile(
  'der-deep',
  'DER of a thousand sequences',
  unusable,
  `v=DKIM1; p=${Buffer.from('3080'.repeat(1000), 'hex').toString('base64')}`,
);
hostile('many-tags', 'ten thousand tags', unusable, `v=DKIM1; ${'a=b; '.repeat(2000)}p=${base64}`);
hostile('sixty-kilobytes', 'a record of 60 kB, over TCP', unusable, `v=DKIM1; n=${'x'.repeat(60_000)}; p=${base64}`);
hostile(
  'many-records',
  'two hundred records that are no keys',
  missing,
  Array.from({ length: 200 }, (_, i) => `spf${i}=x`),
);
hostile('spf', 'records of other kinds', missing, ['v=spf1 -all', 'google-site-verification=abc']);
hostile(
  'binary',
  'octets of all kinds in a record',
  [missing, unusable],
  Buffer.from(Array.from({ length: 255 }, (_, i) => i)).toString('latin1'),
);
hostile('proto', 'tags that JavaScript has', missing, '__proto__=x; constructor=y; toString=z');
hostile('empty-record', 'an empty record', missing, ['']);
hostile(
  'rsa-512',
  'a key of 512 bits, which anyone can break',
  unusable,
  dkim(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey),
);
fine(
  'cname',
  'an alias of another name',
  { cname: 'alias._domainkey.other.example' },
  { 'alias._domainkey.other.example': record },
);
fine('beside-others', 'the key beside records of other kinds', ['v=spf1 -all', record, 'other=1']);
fine('beside-old-key', 'the key beside an old one, as in a rotation', [dkim(foreign.privateKey), record]);
fine(
  'folded',
  'white space everywhere',
  `  v = DKIM1 ;\t k = rsa;\r\n p = ${base64.replace(/(.{60})/g, '$1 \r\n ')} ; `,
);
fine('strings', 'a record in strings of one octet', [[...record]]);
fine('notes', 'tags of mail, and long notes', record.replace('k=rsa', `t=y:s; s=email; g=*; n=${'x'.repeat(500)}`));
