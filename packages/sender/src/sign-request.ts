import { randomBytes } from 'node:crypto';
import { type Draft, digestOf, type SignParameters, signText } from './draft.js';
import { encodeForm, encodeJson } from './encode-body.js';
import { type FaultName, faults } from './faults.js';

/** A call as the vendor would make it, ready to be sent. */
export interface SignedCall {
  readonly method: string;
  /** The request target: path and query. */
  readonly target: string;
  /** The callback URL that was signed. */
  readonly url: string;
  /** In the vendor's order, the Signature last. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What {@link signRequest} is given. */
export interface SignOptions extends SignParameters {
  /** A mistake to make on purpose. */
  readonly fault?: FaultName;
}

const documentedList = [
  '(request-target)',
  'Host',
  'Date',
  'Content-length',
  'Content-type',
  'X-Copernica-ID',
  'Digest',
  'X-nonce',
];
const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' };

/**
 * Signs a call as the vendor does: draft-cavage-http-signatures-10, the vendor's headers in the vendor's order.
 *
 * @throws TypeError when the options cannot make a call.
 */
export function signRequest(options: SignOptions): SignedCall {
  const draft = createDraft(options);
  const fault = options.fault === undefined ? undefined : faults[options.fault];
  if (options.fault !== undefined && fault === undefined)
    throw new TypeError(`There is no fault named ${options.fault}.`);
  fault?.before?.(draft);
  const signature = draft.sign(Buffer.from(signingStringOf(draft), 'latin1')).toString('base64');
  draft.headers.push(['Signature', signatureHeader(draft, signature)]);
  fault?.after?.(draft);
  return { method: draft.method, target: draft.target, url: options.url, headers: draft.headers, body: draft.body };
}

function createDraft(options: SignOptions): Draft {
  const { key, encoding = 'json', method = 'POST', digestAlgorithms = ['SHA-256'] } = options;
  const url = new URL(options.url);
  const body = bodyOf(options, encoding, method);
  const headers: [string, string][] = [
    ['Host', url.host],
    ['Date', (options.date ?? new Date()).toUTCString()],
    ['Content-Length', String(body.length)],
    ['Content-Type', options.contentType ?? contentTypes[encoding]],
    ['X-Copernica-ID', options.id],
    ['Digest', digestAlgorithms.map((name) => `${name}=${digestOf(name, body)}`).join(',')],
    ['X-Nonce', options.nonce ?? randomBytes(3).toString('hex')],
  ];
  return {
    method,
    target: `${url.pathname}${url.search}`,
    headers,
    body,
    list: namesToSign(options.headerList ?? 'lower'),
    keyId: options.keyId,
    algorithm: options.algorithm === undefined ? (key.type === 'rsa' ? 'rsa-sha256' : 'hs2019') : options.algorithm,
    sign: (text) => signText(key.privateKey, text),
    lines: {},
    key,
    options,
  };
}

function namesToSign(list: NonNullable<SignParameters['headerList']>): string[] {
  if (list === 'documented') return [...documentedList];
  return list === 'lower' ? documentedList.map((name) => name.toLowerCase()) : [...list];
}

function bodyOf(options: SignParameters, encoding: 'json' | 'form', method: string): Uint8Array {
  const { body, event } = options;
  if (body !== undefined) return typeof body === 'string' ? Buffer.from(body) : body;
  if (event !== undefined) return encoding === 'json' ? encodeJson(event) : encodeForm(event);
  if (method === 'GET') return new Uint8Array();
  throw new TypeError('Give an event or a body.');
}

/** draft-cavage-http-signatures-10 section 2.3: header text is one octet a character. */
function signingStringOf({ list, lines, method, target, headers }: Draft): string {
  return list
    .map((spelled) => {
      const name = spelled.toLowerCase();
      const header = headers.find(([one]) => one.toLowerCase() === name);
      const value = name === '(request-target)' ? `${method.toLowerCase()} ${target}` : (header?.[1] ?? '');
      return `${name}: ${lines[name] ?? value}`;
    })
    .join('\n');
}

function signatureHeader(draft: Draft, signature: string): string {
  const algorithm = draft.algorithm === null ? '' : `algorithm="${draft.algorithm}",`;
  const start = `keyId="${draft.keyId}",${algorithm}`;
  if (draft.options.headerList !== 'documented')
    return `${start}headers="${draft.list.join(' ')}",signature="${signature}"`;
  // As the vendor prints it, but for the line breaks, which HTTP does not allow.
  const half = Math.ceil(draft.list.length * 0.6);
  const wrapped = `${draft.list.slice(0, half).join(' ')}       ${draft.list.slice(half).join(' ')}`;
  return `${start}     headers="${wrapped}"     signature="${signature.replace(/(.{64})(?=.)/g, '$1  ')}"`;
}
