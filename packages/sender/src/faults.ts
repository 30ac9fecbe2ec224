import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Draft, digestOf, signText } from './draft.js';

/** One mistake to make on purpose. */
export interface Fault {
  /** What is wrong with the call. */
  readonly title: string;
  /** The status that a correct receiver answers. */
  readonly expected: 401 | 415 | 421;
  /** Changes the call before it is signed. */
  readonly before?: (draft: Draft) => void;
  /** Changes it afterwards; the Signature is then the last header. */
  readonly after?: (draft: Draft) => void;
}

const hours = 3_600_000;

/** Faults by name. */
export const faults = {
  'stale-date': fault('signed an hour ago', { before: (draft) => set(draft, 'Date', shifted(draft, -hours)) }),
  'future-date': fault('signed an hour ahead', { before: (draft) => set(draft, 'Date', shifted(draft, hours)) }),
  'invalid-date': fault('a Date that is no IMF-fixdate', { before: (draft) => set(draft, 'Date', 'now') }),
  'missing-date': fault('no Date', { before: (draft) => remove(draft, 'Date') }),
  'wrong-digest': fault('the digest of another body', {
    before: (draft) => set(draft, 'Digest', `SHA-256=${digestOf('SHA-256', Buffer.from('another body'))}`),
  }),
  'altered-body': fault('one byte of the body changed after it was signed', { after: alterBody }),
  'missing-digest': fault('no Digest', { before: (draft) => remove(draft, 'Digest') }),
  'weak-digest': fault('an MD5 digest alone', {
    before: (draft) => set(draft, 'Digest', `MD5=${digestOf('MD5', draft.body)}`),
  }),
  'uncovered-target': fault('the request line is not signed', {
    before: (draft) => uncover(draft, '(request-target)'),
  }),
  'uncovered-host': fault('Host is not signed', { before: (draft) => uncover(draft, 'host') }),
  'uncovered-date': fault('Date is not signed', { before: (draft) => uncover(draft, 'date') }),
  'uncovered-digest': fault('Digest is not signed', { before: (draft) => uncover(draft, 'digest') }),
  'uncovered-identity': fault('X-Copernica-ID is not signed', { before: (draft) => uncover(draft, 'x-copernica-id') }),
  'listed-header-absent': fault('a header that is not there is listed as signed', {
    before: (draft) => draft.list.push('x-absent'),
  }),
  'name-listed-twice': fault('a header is listed twice', { before: (draft) => draft.list.push('date') }),
  'empty-header-values': fault("signed over empty values, as the vendor's PHP class does with a mixed-case list", {
    before: (draft) => {
      for (const name of draft.list) if (!name.startsWith('(')) draft.lines[name.toLowerCase()] = '';
    },
  }),
  'foreign-key': fault('signed with another key', {
    before: (draft) => {
      draft.sign = (text) => signText(foreignKey(draft.key), text);
    },
  }),
  'foreign-key-id': fault('a keyId that is not below copernica.com', {
    before: (draft) => {
      draft.keyId = 'one._domainkey.example.com';
    },
  }),
  'lookalike-key-id': fault('a keyId below a domain that only ends like copernica.com', {
    before: (draft) => {
      draft.keyId = 'one._domainkey.notcopernica.com';
    },
  }),
  'unknown-key-id': fault('a keyId that is not in DNS', {
    before: (draft) => {
      draft.keyId = `unknown-${draft.keyId}`;
    },
  }),
  'wrong-identity': fault("someone else's call", {
    before: (draft) => set(draft, 'X-Copernica-ID', 'environment-999999999'),
  }),
  'missing-identity': fault('no X-Copernica-ID', { before: (draft) => remove(draft, 'X-Copernica-ID') }),
  'wrong-host': {
    ...fault('a call for another host', { before: (draft) => set(draft, 'Host', 'other.example') }),
    expected: 421,
  },
  'wrong-path': fault('signed for another path', {
    before: (draft) => {
      draft.lines['(request-target)'] = `${draft.method.toLowerCase()} /another${draft.target}`;
    },
  }),
  'altered-query': fault('a query that was not signed', {
    after: (draft) => {
      draft.target += `${draft.target.includes('?') ? '&' : '?'}altered=1`;
    },
  }),
  'altered-header': fault('a signed header changed afterwards', { after: (draft) => set(draft, 'X-Nonce', 'altered') }),
  'altered-date': fault('a fresh Date put on an old signature', {
    before: (draft) => {
      draft.lines['date'] = shifted(draft, -hours);
    },
  }),
  'hmac-with-public-key': fault('an HMAC keyed with the public key, which anyone can make', {
    before: (draft) => {
      draft.algorithm = 'hmac-sha256';
      draft.sign = (text) => createHmac('sha256', draft.key.publicKeyPem).update(text).digest();
    },
  }),
  'rsa-sha1': fault('signed with SHA-1', {
    before: (draft) => {
      draft.algorithm = 'rsa-sha1';
      draft.sign = (text) =>
        draft.key.type === 'rsa' ? sign('sha1', text, draft.key.privateKey) : signText(draft.key.privateKey, text);
    },
  }),
  'doubled-signature': fault('two Signature headers', {
    after: (draft) => draft.headers.push(...draft.headers.slice(-1)),
  }),
  'doubled-date': fault('two Date headers', {
    after: (draft) => draft.headers.unshift(['Date', headerValue(draft, 'Date')]),
  }),
  'doubled-parameter': fault('a parameter of the Signature twice', {
    after: (draft) => set(draft, 'Signature', `${headerValue(draft, 'Signature')},keyId="${draft.keyId}"`),
  }),
  'truncated-signature': fault('half a signature', {
    after: (draft) =>
      set(
        draft,
        'Signature',
        headerValue(draft, 'Signature').replace(/signature="[^"]*/, (whole) =>
          whole.slice(0, 'signature="'.length + 40),
        ),
      ),
  }),
  'missing-signature': fault('no Signature', { after: (draft) => remove(draft, 'Signature') }),
  unsigned: fault('none of the headers that the vendor adds', {
    after: (draft) => {
      for (const name of ['Date', 'X-Copernica-ID', 'Digest', 'X-Nonce', 'Signature']) remove(draft, name);
    },
  }),
  'gzip-body': {
    ...fault('a compressed body', {
      before: (draft) => {
        draft.body = gzipSync(draft.body);
        draft.headers.push(['Content-Encoding', 'gzip']);
        set(draft, 'Content-Length', String(draft.body.length));
        set(draft, 'Digest', `SHA-256=${digestOf('SHA-256', draft.body)}`);
      },
    }),
    expected: 415,
  },
} as const satisfies Record<string, Fault>;

/** A mistake to make on purpose, by its name in {@link faults}. */
export type FaultName = keyof typeof faults;

/** All names, for lists and checks. */
export const faultNames = Object.keys(faults) as readonly FaultName[];

function fault(title: string, change: Pick<Fault, 'before' | 'after'>): Fault {
  return { title, expected: 401, ...change };
}

function shifted(draft: Draft, milliseconds: number): string {
  return new Date(Date.parse(headerValue(draft, 'Date')) + milliseconds).toUTCString();
}

function headerValue(draft: Draft, name: string): string {
  return draft.headers.find(([header]) => header === name)?.[1] ?? '';
}

function set(draft: Draft, name: string, value: string): void {
  for (const header of draft.headers) if (header[0] === name) header[1] = value;
}

function remove(draft: Draft, name: string): void {
  draft.headers = draft.headers.filter(([header]) => header !== name);
  uncover(draft, name);
}

function uncover(draft: Draft, name: string): void {
  draft.list = draft.list.filter((listed) => listed.toLowerCase() !== name.toLowerCase());
}

function alterBody(draft: Draft): void {
  const altered = Uint8Array.from(draft.body.length > 0 ? draft.body : [0]);
  const middle = altered.length >> 1;
  altered[middle] = (altered[middle] ?? 0) ^ 1;
  draft.body = altered;
  set(draft, 'Content-Length', String(altered.length));
}

const foreignKeys = new Map<string, KeyObject>();

/** Another key of the same kind and size; made once, since that takes time. */
function foreignKey({ type, bits }: Draft['key']): KeyObject {
  const name = `${type}-${bits}`;
  const known = foreignKeys.get(name);
  if (known !== undefined) return known;
  const { privateKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: bits }) : generateKeyPairSync('ed25519');
  foreignKeys.set(name, privateKey);
  return privateKey;
}
