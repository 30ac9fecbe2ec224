import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** What a call means, once it is believed. */
export interface Meaning {
  readonly path: string;
  readonly identity: string;
  readonly date: number;
  readonly body: string;
}

/** What the receiver was told. */
export interface Circumstances {
  readonly host: string;
  readonly path: string;
  readonly identity: string;
  readonly now: number;
  readonly toleranceMs: number;
  /** DKIM records by the name of the key. */
  readonly records: Readonly<Record<string, readonly string[]>>;
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/**
 * A second opinion, written for tests alone, in one straight line from octets to a meaning, with nothing of ours and
 * node:crypto for the arithmetic: what the vendor's documentation, draft-cavage-http-signatures and RFC 6376 say. It
 * may be more lenient than the receiver where that gives no other meaning (it splits and trims freely), and is never
 * more lenient about what was signed.
 *
 * @returns the meaning, or why there is none.
 */
export function readStraight(octets: Buffer, around: Circumstances): Meaning | string {
  // RFC 9112 section 2.2: empty lines before the request line are skipped.
  const skipped = /^[\r\n]*/.exec(octets.toString('latin1'))?.[0].length ?? 0;
  const text = octets.toString('latin1', skipped);
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return 'no head';
  const [requestLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const [method = '', target = ''] = requestLine.split(/ +/);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1 || /\s/.test(line.slice(0, colon))) return 'a line that is no header';
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]);
  }
  const one = (name: string): string => {
    const values = headers.get(name) ?? [];
    if (values.length !== 1) throw new Error(`${name} came ${values.length} times`);
    return values[0] ?? '';
  };
  try {
    if (method !== 'POST') return 'not a POST';
    if (target.split('?')[0] !== around.path) return 'another path';
    // Unsigned, and the nearest proxy's word is the last one.
    const forwarded = (headers.get('x-forwarded-proto') ?? []).join(',').split(',').at(-1);
    if (forwarded?.trim().toLowerCase() !== 'https') return 'not over TLS';
    if (one('host').toLowerCase().replace(/:443$/, '').replace(/\.$/, '') !== around.host) return 'another host';
    const identity = one('x-copernica-id').toLowerCase().replace('_', '-');
    if (identity !== around.identity) return 'another identity';
    const found = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(one('date'));
    if (found === null) return 'no date';
    const [, day, month = '', year, hour, minute, second] = found;
    const date = Date.UTC(
      Number(year),
      months.indexOf(month) / 3,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    if (!(Math.abs(around.now - date) <= around.toleranceMs)) return 'not recent';

    const parameters = new Map<string, string>();
    for (const match of one('signature').matchAll(/(?:^|[,\s])([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^\s",]+))/g)) {
      const name = (match[1] ?? '').toLowerCase();
      if (parameters.has(name)) return `${name} twice`;
      parameters.set(name, match[2] ?? match[3] ?? '');
    }
    const names = (parameters.get('headers') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    for (const needed of ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest']) {
      if (!names.includes(needed)) return `${needed} is not covered`;
    }
    const signingString = names
      .map((name) => `${name}: ${name === '(request-target)' ? `${method.toLowerCase()} ${target}` : one(name)}`)
      .join('\n');
    const keyId = (parameters.get('keyid') ?? '').toLowerCase().replace(/\.$/, '');
    if (!keyId.endsWith('.copernica.com')) return 'not a key of the vendor';
    const signature = Buffer.from((parameters.get('signature') ?? '').replace(/\s/g, ''), 'base64');
    const signed = (around.records[keyId] ?? []).some((record) => {
      const tags = new Map(
        record.split(';').map((tag) => [tag.split('=')[0]?.trim(), tag.slice(tag.indexOf('=') + 1).trim()]),
      );
      const der = Buffer.from((tags.get('p') ?? '').replace(/\s/g, ''), 'base64');
      if (der.length === 0) return false;
      const ed25519 = tags.get('k') === 'ed25519';
      const spki = ed25519 ? Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), der]) : der;
      try {
        const key = publicKey(spki);
        return verify(ed25519 ? null : 'sha256', Buffer.from(signingString, 'latin1'), key, signature);
      } catch {
        return false;
      }
    });
    if (!signed) return 'not signed';

    const raw = octets.subarray(skipped + headEnd + 4);
    // An empty list of codings is none, and the length counts.
    const isChunked = (headers.get('transfer-encoding') ?? []).join('') !== '';
    const body = isChunked ? unchunk(raw) : raw.subarray(0, Number(one('content-length')));
    const digests = one('digest')
      .split(',')
      .map((value) => value.trim());
    const strong = digests.filter((value) => /^sha-(256|512)=/i.test(value));
    if (strong.length === 0) return 'no digest';
    for (const value of strong) {
      const algorithm = value.slice(0, 7).toLowerCase().replace('-', '');
      if (createHash(algorithm).update(body).digest('base64') !== value.slice(8)) return 'another body';
    }
    return { path: around.path, identity, date, body: body.toString('latin1') };
  } catch (error) {
    return String(error);
  }
}

const publicKeys = new Map<string, KeyObject>();

function publicKey(spki: Buffer): KeyObject {
  const name = spki.toString('latin1');
  const key = publicKeys.get(name) ?? createPublicKey({ key: spki, type: 'spki', format: 'der' });
  if (publicKeys.size < 100) publicKeys.set(name, key);
  return key;
}

function unchunk(octets: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = octets.indexOf('\r\n', at);
    const size = Number.parseInt(octets.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(octets.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
