import { constants, createHash, createHmac, privateEncrypt, sign } from 'node:crypto';
import { group } from '../case.testing.js';
import {
  type Draft,
  dkim,
  ed25519,
  foreign,
  foreignEd25519,
  rsa,
  smallExponent,
  smallExponentName,
  spki,
  useEd25519,
} from '../draft.testing.js';
import { forgeLowExponent, withScalarPlusOrder } from '../forge.testing.js';

const { cases, refused, harmless } = group('algorithms and keys');

export { cases };

const never = 'ERR_ALGORITHM_REFUSED';
const mismatch = 'ERR_SIGNATURE_MISMATCH';
const signedBy = (algorithm: string | null, make: (text: Buffer) => Buffer) => (d: Draft) => {
  d.algorithm = algorithm;
  d.sign = make;
};

const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
const hmacKeys = {
  pem,
  'pem-trimmed': String(pem).trim(),
  der: spki(rsa.privateKey),
  base64: spki(rsa.privateKey).toString('base64'),
};
for (const [form, key] of Object.entries(hmacKeys)) {
  refused(
    `hmac-${form}`,
    `an HMAC keyed with the public key as ${form}`,
    never,
    signedBy('hmac-sha256', (text) => createHmac('sha256', key).update(text).digest()),
    form === 'pem' ? { vendorAccepts: 'it takes the algorithm from the request' } : {},
  );
}
refused(
  'hmac-as-hs2019',
  'the same under the name that says nothing',
  mismatch,
  signedBy('hs2019', (text) => createHmac('sha256', pem).update(text).digest()),
);
refused(
  'hmac-unnamed',
  'and under none',
  mismatch,
  signedBy(null, (text) => createHmac('sha256', pem).update(text).digest()),
);
for (const hash of ['sha1', 'md5'] as const) {
  refused(
    `rsa-${hash}`,
    `signed with ${hash}`,
    never,
    signedBy(`rsa-${hash}`, (text) => sign(hash, text, rsa.privateKey)),
    { vendorAccepts: 'it takes the algorithm from the request' },
  );
  refused(
    `rsa-${hash}-as-sha256`,
    `signed with ${hash}, and said to be rsa-sha256`,
    mismatch,
    signedBy('rsa-sha256', (text) => sign(hash, text, rsa.privateKey)),
  );
}
refused(
  'rsa-sha512',
  'signed with SHA-512',
  never,
  signedBy('rsa-sha512', (text) => sign('sha512', text, rsa.privateKey)),
);
refused(
  'rsa-sha512-as-sha256',
  'signed with SHA-512, and said to be rsa-sha256',
  mismatch,
  signedBy('rsa-sha256', (text) => sign('sha512', text, rsa.privateKey)),
);
refused(
  'rsa-pss',
  'RSA-PSS',
  mismatch,
  signedBy('rsa-sha256', (text) =>
    sign('sha256', text, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
  ),
);
refused(
  'rsa-pss-hs2019',
  'RSA-PSS under hs2019, as later drafts have it',
  mismatch,
  signedBy('hs2019', (text) => sign('sha512', text, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })),
);
for (const name of [
  'none',
  'NONE',
  '',
  'rsa',
  'rsa-sha256,none',
  'dsa-sha1',
  'ecdsa-sha256',
  'hmac-sha512',
  'rsa-sha256\u00a0',
]) {
  const short = name.replace(/[^a-z0-9]+/gi, '-') || 'empty';
  refused(`algorithm-${short}-${name.length}`, `the algorithm is named ${JSON.stringify(name)}`, never, (d) => {
    d.algorithm = name;
  });
}
refused('algorithm-ed25519-for-rsa', 'an RSA key, and the algorithm is said to be ed25519', never, (d) => {
  d.algorithm = 'ed25519';
});
refused('algorithm-rsa-for-ed25519', 'an Ed25519 key, and the algorithm is said to be rsa-sha256', never, (d) => {
  useEd25519(d);
  d.algorithm = 'rsa-sha256';
});
refused(
  'signature-of-zeros',
  'a signature of zeros',
  mismatch,
  signedBy('rsa-sha256', () => Buffer.alloc(256)),
);
refused(
  'signature-of-one',
  'the number one, whose cube is itself',
  mismatch,
  signedBy('rsa-sha256', () => Buffer.concat([Buffer.alloc(255), Buffer.of(1)])),
);
refused(
  'signature-is-modulus',
  'the modulus itself',
  mismatch,
  signedBy('rsa-sha256', () => Buffer.from(rsa.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url')),
);
refused(
  'signature-plus-modulus',
  'a genuine signature with the modulus added: another text of the same number',
  mismatch,
  (d) => {
    const inner = d.sign;
    d.sign = (text, draft) => {
      const modulus = BigInt(
        `0x${Buffer.from(rsa.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`,
      );
      const sum = BigInt(`0x${inner(text, draft).toString('hex')}`) + modulus;
      return Buffer.from(sum.toString(16).padStart(514, '0'), 'hex').subarray(sum >= 1n << 2048n ? 0 : 1);
    };
  },
);
refused('signature-leading-zero', 'a genuine signature with a zero in front', mismatch, (d) => {
  const inner = d.sign;
  d.sign = (text, draft) => Buffer.concat([Buffer.of(0), inner(text, draft)]);
});
refused('signature-trailing-octet', 'a genuine signature with an octet behind', mismatch, (d) => {
  const inner = d.sign;
  d.sign = (text, draft) => Buffer.concat([inner(text, draft), Buffer.of(0)]);
});
refused('signature-short', 'a genuine signature without its last octet', mismatch, (d) => {
  const inner = d.sign;
  d.sign = (text, draft) => inner(text, draft).subarray(0, -1);
});
for (const [kind, attack] of [
  ['garbage', 'the hash in the middle, garbage behind it (Bleichenbacher 2006)'],
  ['short-padding', 'eight octets of padding, then the hash, then garbage'],
  ['no-null', 'a DigestInfo without its NULL, garbage in the padding'],
] as const) {
  refused(`low-exponent-${kind}`, `a cube root for a key with e=3: ${attack}`, mismatch, (d) => {
    d.keyId = smallExponentName;
    d.privateKey = smallExponent.privateKey;
    d.sign = (text) => forgeLowExponent(createHash('sha256').update(text).digest(), 2048, kind);
  });
}
refused(
  'raw-hash',
  'the private operation on a padded hash without its DigestInfo',
  mismatch,
  signedBy('rsa-sha256', (text) =>
    privateEncrypt(
      { key: rsa.privateKey, padding: constants.RSA_PKCS1_PADDING },
      createHash('sha256').update(text).digest(),
    ),
  ),
);
refused(
  'ed25519-scalar-plus-order',
  'an Ed25519 signature whose S is L too large: the same signature, spelled anew',
  mismatch,
  (d) => {
    useEd25519(d);
    d.sign = (text) => withScalarPlusOrder(sign(null, text, ed25519.privateKey));
  },
);
refused('ed25519-foreign', 'an Ed25519 signature of another key', mismatch, (d) => {
  useEd25519(d);
  d.privateKey = foreignEd25519.privateKey;
});
refused('ed25519-zeros', 'an Ed25519 signature of zeros', mismatch, (d) => {
  useEd25519(d);
  d.sign = () => Buffer.alloc(64);
});
refused('ed25519-65', 'an Ed25519 signature of 65 octets', mismatch, (d) => {
  useEd25519(d);
  d.sign = (text) => Buffer.concat([sign(null, text, ed25519.privateKey), Buffer.of(0)]);
});
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
smallOrder.forEach((point, i) => {
  const name = `small${i}._domainkey.copernica.com`;
  refused(
    `ed25519-small-order-${i}`,
    'a key of small order or not canonical, under which one signature fits every text',
    'ERR_KEY_UNUSABLE',
    (d) => {
      useEd25519(d);
      d.keyId = name;
      d.sign = () =>
        Buffer.concat([
          Buffer.from('0100000000000000000000000000000000000000000000000000000000000000', 'hex'),
          Buffer.alloc(32),
        ]);
    },
    { dns: { [name]: `v=DKIM1; k=ed25519; p=${Buffer.from(point, 'hex').toString('base64')}` } },
  );
});
refused(
  'rsa-key-said-ed25519',
  'an RSA key in a record that says ed25519',
  'ERR_KEY_UNUSABLE',
  (d) => {
    d.keyId = 'mixed._domainkey.copernica.com';
  },
  { dns: { 'mixed._domainkey.copernica.com': dkim(foreign.privateKey).replace('k=rsa', 'k=ed25519') } },
);
harmless('ed25519-genuine', 'a genuine call under an Ed25519 key', useEd25519);
harmless('low-exponent-genuine', 'a genuine call under a key with e=3', (d) => {
  d.keyId = smallExponentName;
  d.privateKey = smallExponent.privateKey;
});
