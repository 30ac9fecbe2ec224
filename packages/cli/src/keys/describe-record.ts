import { createPublicKey, type KeyObject } from 'node:crypto';
import { importDkimKey, parseDkimRecord } from '@smtpeter-webhooks/verify';

/** One TXT record at a key's name, taken apart. */
export interface DescribedRecord {
  readonly kind: 'key' | 'revoked' | 'unusable' | 'other';
  readonly type: 'rsa' | 'ed25519' | null;
  readonly bits: number | null;
  /** RFC 7638, as the log of a receiver names keys. */
  readonly thumbprint: string | null;
  /** The tags but `p=`, as they are written. */
  readonly tags: Readonly<Record<string, string>>;
  /** What is wrong, or worth knowing. */
  readonly problems: readonly string[];
}

/** Describes a record. Never rejects. */
export async function describeRecord(text: string): Promise<DescribedRecord> {
  const tags = tagsOf(text);
  const record = parseDkimRecord(text);
  const nothing = { type: null, bits: null, thumbprint: null, tags };
  switch (record.kind) {
    case 'other':
      return { ...nothing, kind: 'other', tags: {}, problems: ['It is no DKIM key record, and is skipped.'] };
    case 'revoked':
      return { ...nothing, kind: 'revoked', problems: ['p= is empty: the key was revoked.'] };
    case 'unusable':
      return { ...nothing, kind: 'unusable', problems: [`It cannot be used: ${record.reason}.`] };
    case 'key':
      try {
        const key = await importDkimKey(record.type, record.data);
        const { type, bits, thumbprint } = key;
        return { kind: 'key', type, bits, thumbprint, tags, problems: remarks(tags, type, bits) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { ...nothing, kind: 'unusable', type: record.type, problems: [`It cannot be used: ${reason}`] };
      }
  }
}

/** The key in a record, for Node's own cryptography; undefined when there is none. */
export function keyInRecord(text: string): KeyObject | undefined {
  const record = parseDkimRecord(text);
  if (record.kind !== 'key') return undefined;
  const data = Buffer.from(record.data);
  try {
    if (record.type === 'ed25519') {
      return createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: data.subarray(-32).toString('base64url') },
        format: 'jwk',
      });
    }
    return rsaKey(data, 'spki') ?? rsaKey(data, 'pkcs1');
  } catch {
    return undefined;
  }
}

function rsaKey(key: Buffer, type: 'spki' | 'pkcs1'): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'der', type });
  } catch {
    return undefined;
  }
}

function tagsOf(text: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const part of text.slice(0, 16_384).split(';').slice(0, 64)) {
    const [name = '', ...value] = part.split('=');
    const tag = name.trim();
    if (value.length > 0 && tag !== 'p' && /^[A-Za-z]\w*$/.test(tag)) tags[tag] = value.join('=').trim();
  }
  return tags;
}

function remarks(tags: Readonly<Record<string, string>>, type: string, bits: number): string[] {
  const list: string[] = [];
  if (type === 'rsa' && bits < 2048) list.push(`${bits} bits are accepted, and too few for today.`);
  const flags = (tags['t'] ?? '').split(':').map((flag) => flag.trim());
  if (flags.includes('y')) list.push('t=y: its owner says that it is for tests.');
  if (tags['s'] !== undefined && !/\*/.test(tags['s']))
    list.push(`s=${tags['s']}: meant for that service; not looked at here.`);
  return list;
}
