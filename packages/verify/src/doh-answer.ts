import type { TxtAnswer } from './txt-query.js';

/** Record types, RFC 1035 section 3.2.2. */
const CNAME = 5;
const SOA = 6;
const TXT = 16;
const MAX_RECORDS = 64;
/** Of one record; a key of 8,192 bits takes a third of it. */
const MAX_TEXT = 4096;

interface DohRecord {
  readonly name: string;
  readonly type: number;
  readonly data: string;
  readonly TTL?: unknown;
}

/** Its name in one spelling, its text not too long, and a time to live that is one. */
type PlainRecord = Omit<DohRecord, 'TTL'> & { readonly ttl: number | undefined };

/**
 * Reads an answer in the JSON form that DNS-over-HTTPS providers have in common: `Status` is the response code,
 * `Answer` the records, `Authority` those that say how long "there is none" holds.
 *
 * @param name - what was asked for: lower-case, no trailing dot. Records of names that it does not lead to are nothing.
 */
export function readDohAnswer(name: string, answer: unknown): TxtAnswer {
  if (!isObject(answer) || typeof answer['Status'] !== 'number') return failed('no DNS answer in JSON');
  const status = answer['Status'];
  const authority = recordsOf(answer['Authority']).filter((one) => one.type === SOA);
  const ttlSeconds = authority[0]?.ttl;
  const none = (detail: string): TxtAnswer => ({
    outcome: 'none',
    detail,
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  });
  if (status === 3) return none('DNS says NXDOMAIN');
  if (status !== 0) return failed(`DNS says response code ${status}`);
  const records = recordsOf(answer['Answer']);
  const names = aliases(name, records);
  const found = records.filter((one) => names.has(one.name));
  const texts = found.filter((one) => one.type === TXT);
  if (texts.length === 0) return none('DNS says that there are no TXT records');
  // An alias that ends sooner than what it leads to ends the answer.
  const ttls = found.map((one) => one.ttl).filter((ttl) => ttl !== undefined);
  return {
    outcome: 'records',
    records: texts.map((one) => readText(one.data)),
    ...(ttls.length > 0 && { ttlSeconds: Math.min(...ttls) }),
  };
}

function failed(detail: string): TxtAnswer {
  return { outcome: 'failed', detail };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function recordsOf(list: unknown): PlainRecord[] {
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_RECORDS)
    .filter(isRecord)
    .map(({ name, type, data, TTL }) => ({
      name: plain(name),
      type,
      data: data.slice(0, MAX_TEXT),
      ttl: typeof TTL === 'number' && TTL >= 0 ? TTL : undefined,
    }));
}

function isRecord(value: unknown): value is DohRecord {
  if (!isObject(value)) return false;
  return typeof value['name'] === 'string' && typeof value['type'] === 'number' && typeof value['data'] === 'string';
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The name and all that its CNAME records lead to. */
function aliases(name: string, records: readonly PlainRecord[]): Set<string> {
  const names = new Set([name]);
  for (const one of names) {
    for (const record of records) if (record.type === CNAME && record.name === one) names.add(plain(record.data));
  }
  return names;
}

/** The strings of a TXT record, joined. Providers write them in quotes (RFC 1035 section 5.1), or plainly. */
function readText(data: string): string {
  if (!data.startsWith('"')) return data;
  let text = '';
  // What stands in the quotes that are open now. By hand, since a pattern takes quadratic time where a quote is missing.
  let string: string | undefined;
  for (let at = 0; at < data.length; at++) {
    const letter = data[at];
    if (letter === '"') {
      text += string ?? '';
      string = string === undefined ? '' : undefined;
    } else if (string === undefined) continue;
    else if (letter === '\\') {
      const digits = data.slice(at + 1, at + 4);
      const isNumber = /\d{3}/.test(digits);
      string += isNumber ? String.fromCharCode(Number(digits) & 0xff) : data.charAt(at + 1);
      at += isNumber ? 3 : 1;
    } else string += letter;
  }
  return text;
}
