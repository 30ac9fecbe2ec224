import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The victim. */
export const id = 'environment-1234';
export const url = 'https://example.com/hooks/smtpeter';
export const path = '/hooks/smtpeter';
export const rsaName = 'one._domainkey.copernica.com';
export const ed25519Name = 'ed._domainkey.copernica.com';
export const smallExponentName = 'three._domainkey.copernica.com';

/** The vendor's keys; of these only the public halves are an attacker's to have. */
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ed25519 = generateKeyPairSync('ed25519');
export const smallExponent = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
/** The attacker's own. */
export const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const foreignEd25519 = generateKeyPairSync('ed25519');

export const spki = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });
export const dkim = (key: KeyObject) =>
  key.asymmetricKeyType === 'ed25519'
    ? `v=DKIM1; k=ed25519; p=${spki(key).subarray(-32).toString('base64')}`
    : `v=DKIM1; k=rsa; p=${spki(key).toString('base64')}`;

export const digest = (body: Uint8Array | string, algorithm = 'sha256') =>
  createHash(algorithm).update(body).digest('base64');

/** A call before it is signed, and what happens to it afterwards: everything that an attacker can turn. */
export interface Draft {
  method: string;
  target: string;
  version: string;
  headers: [name: string, value: string][];
  body: Buffer;
  /** Names of the signing string, as they are spelled in the `headers` parameter. */
  list: string[];
  /** Lines of the signing string that say something else than the request. */
  lines: Record<string, string>;
  keyId: string;
  algorithm: string | null;
  privateKey: KeyObject;
  hash: string | null;
  /** Makes the signature. */
  sign: (text: Buffer, draft: Draft) => Buffer;
  /** Spells the signature. */
  spell: (signature: Buffer) => string;
  /** Spells the Signature header. */
  parameters: (signature: string, draft: Draft) => string;
  /** What is done to the signed call. The Signature is its last header. */
  after: (draft: Draft) => void;
  /** What is done to its octets. */
  wire: (octets: Buffer) => Buffer;
  /** The proxy that ends TLS says so; on a plain connection it does not. */
  forwardedProto: string | undefined;
}

let number = 0;

/** Stands in every place where calls carry what belongs in no log, error, answer or metric. */
export const canary = 'c4n4ry';
/** Every signature that was made, in base64. */
export const signatures: string[] = [];

export const vendorList = [
  '(request-target)',
  'host',
  'date',
  'content-length',
  'content-type',
  'x-copernica-id',
  'digest',
  'x-nonce',
];

/** A genuine call of an event of its own. */
export function genuine(body = `{"type":"open","id":"m${++number}","recipient":"${canary}@example.org"}`): Draft {
  const octets = Buffer.from(body);
  return {
    method: 'POST',
    target: path,
    version: 'HTTP/1.1',
    headers: [
      ['Host', 'example.com'],
      ['Date', new Date().toUTCString()],
      ['Content-Length', String(octets.length)],
      ['Content-Type', 'application/json'],
      ['X-Copernica-ID', id],
      ['Digest', `SHA-256=${digest(octets)}`],
      ['X-Nonce', `n${++number}`],
      ['User-Agent', canary],
      ['Authorization', `Bearer ${canary}`],
      ['Cookie', `session=${canary}`],
      ['Referer', `https://example.org/${canary}`],
      ['X-Forwarded-For', `192.0.2.1, ${canary}`],
    ],
    body: octets,
    list: [...vendorList],
    lines: {},
    keyId: rsaName,
    algorithm: 'rsa-sha256',
    privateKey: rsa.privateKey,
    hash: 'sha256',
    sign: (text, draft) => sign(draft.hash, text, draft.privateKey),
    spell: (signature) => signature.toString('base64'),
    parameters: (signature, draft) =>
      [
        `keyId="${draft.keyId}"`,
        ...(draft.algorithm === null ? [] : [`algorithm="${draft.algorithm}"`]),
        `headers="${draft.list.join(' ')}"`,
        `signature="${signature}"`,
      ].join(','),
    after: () => {},
    wire: (octets) => octets,
    forwardedProto: 'https',
  };
}

/** The octets on the wire. */
export function finish(draft: Draft): Buffer {
  const text = draft.list
    .map((spelled) => {
      const name = spelled.toLowerCase();
      const own = `${draft.method.toLowerCase()} ${draft.target}`;
      const value = name === '(request-target)' ? own : headerOf(draft, name);
      return `${name}: ${draft.lines[name] ?? value}`;
    })
    .join('\n');
  const signature = draft.sign(Buffer.from(text, 'latin1'), draft);
  signatures.push(signature.toString('base64'));
  draft.headers.push(['Signature', draft.parameters(draft.spell(signature), draft)]);
  draft.after(draft);
  const proxied: [string, string][] =
    draft.forwardedProto === undefined ? [] : [['X-Forwarded-Proto', draft.forwardedProto]];
  const lines = [...draft.headers, ...proxied].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = Buffer.from(`${draft.method} ${draft.target} ${draft.version}\r\n${lines}\r\n`, 'latin1');
  return draft.wire(Buffer.concat([head, draft.body]));
}

/** The first value of a header. */
export function headerOf(draft: Draft, name: string): string {
  return draft.headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

export function set(draft: Draft, name: string, value: string): void {
  for (const header of draft.headers) if (header[0].toLowerCase() === name.toLowerCase()) header[1] = value;
}

/** Takes a header out of the request and out of the list. */
export function remove(draft: Draft, name: string): void {
  draft.headers = draft.headers.filter(([header]) => header.toLowerCase() !== name.toLowerCase());
  uncover(draft, name);
}

export function uncover(draft: Draft, ...names: string[]): void {
  draft.list = draft.list.filter((listed) => !names.includes(listed.toLowerCase()));
}

/** Other octets for a body, with the length and digest that belong to them. */
export function setBody(draft: Draft, body: Buffer | string): void {
  draft.body = Buffer.from(body as string);
  set(draft, 'Content-Length', String(draft.body.length));
  set(draft, 'Digest', `SHA-256=${digest(draft.body)}`);
}

/** The call is the key's under which it is signed: RSA, or Ed25519. */
export function useEd25519(draft: Draft): void {
  draft.keyId = ed25519Name;
  draft.privateKey = ed25519.privateKey;
  draft.algorithm = 'hs2019';
  draft.hash = null;
}

/** Replaces text in the head of a finished call. */
export function replaceOnWire(from: string | RegExp, to: string): (octets: Buffer) => Buffer {
  return (octets) =>
    Buffer.from(
      octets.toString('latin1').replace(from, () => to),
      'latin1',
    );
}
