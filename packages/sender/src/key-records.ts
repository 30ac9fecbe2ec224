import dnsPacket, { type Answer, type Packet } from 'dns-packet';

/** One TXT record: a text, cut into strings of 255 octets, or the strings themselves. */
export type TxtRecord = string | readonly string[];

/** What stands, or happens, at a name. A text or a list of texts is short for so many TXT records. */
export type KeyRecord =
  | string
  | readonly TxtRecord[]
  | {
      /** TXT records. */
      readonly txt?: readonly TxtRecord[];
      /** An alias; what stands at its target follows in the same answer. */
      readonly cname?: string;
      /** Seconds, default 300. */
      readonly ttl?: number;
      /** Milliseconds before anything is answered. */
      readonly delayMs?: number;
      /**
       * What happens instead of an answer: `NXDOMAIN`, `NODATA` (no TXT records), `SERVFAIL`, `REFUSED`, `silence`,
       * `garbage` (octets that are no message), `wrong-id` (a right answer to another question's number), `other-name`
       * (records of another name), `truncated` (over UDP always "ask again over TCP").
       */
      readonly behaviour?: KeyBehaviour;
    };

/** A way in which DNS goes wrong. */
export type KeyBehaviour =
  | 'NXDOMAIN'
  | 'NODATA'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'silence'
  | 'garbage'
  | 'wrong-id'
  | 'other-name'
  | 'truncated';

/** A question as it came. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** How many octets the answer may have; a longer one is truncated. */
  readonly limit: number;
}

const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;
/** RFC 1035 section 4.1.1. */
const rcodes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** The messages to send for a question, none for silence. */
export function answerTo(
  question: Question,
  find: (name: string) => KeyRecord | undefined,
): { readonly replies: readonly Buffer[]; readonly delayMs: number } {
  const record = expand(find(question.name));
  const delayMs = record?.delayMs ?? 0;
  const behaviour = record === undefined ? 'NXDOMAIN' : record.behaviour;
  switch (behaviour) {
    case 'silence':
      return { replies: [], delayMs };
    case 'garbage':
      return { replies: [Buffer.from('this is no message, only octets that someone sent')], delayMs };
    case 'NXDOMAIN':
    case 'SERVFAIL':
    case 'REFUSED':
      return { replies: [encode(question, [], rcodes[behaviour])], delayMs };
    case 'NODATA':
      return { replies: [encode(question, [], 0)], delayMs };
    case 'wrong-id':
      return { replies: [encode({ ...question, id: question.id ^ 1 }, answers(question, find), 0)], delayMs };
    case 'other-name':
      return {
        replies: [
          encode(
            question,
            answers(question, find).map((one) => ({ ...one, name: 'other.example' })),
            0,
          ),
        ],
        delayMs,
      };
    case 'truncated':
      return {
        replies: [
          question.limit < 65_535 ? encode(question, [], TRUNCATED) : encode(question, answers(question, find), 0),
        ],
        delayMs,
      };
    default: {
      const whole = encode(question, answers(question, find), 0);
      return { replies: [whole.length <= question.limit ? whole : encode(question, [], TRUNCATED)], delayMs };
    }
  }
}

/** For callers without types. @throws TypeError that names what holds the record. */
export function checkRecord(record: unknown, what: string): asserts record is KeyRecord {
  const expected = `${what} must be a text, a list of texts, or an object of what happens`;
  if (typeof record === 'string') return;
  if (typeof record !== 'object' || record === null) {
    throw new TypeError(`${expected}, not ${record === null ? 'null' : typeof record}`);
  }
  const texts: unknown = Array.isArray(record) ? record : (record as { txt?: unknown }).txt;
  if (texts !== undefined && !(Array.isArray(texts) && texts.every(isTxt))) {
    throw new TypeError(
      `${Array.isArray(record) ? what : `${what}.txt`} must be a list of texts, or of lists of texts`,
    );
  }
}

function isTxt(txt: unknown): boolean {
  return typeof txt === 'string' || (Array.isArray(txt) && txt.every((part) => typeof part === 'string'));
}

function expand(record: KeyRecord | undefined): Exclude<KeyRecord, string | readonly TxtRecord[]> | undefined {
  if (typeof record === 'string') return { txt: [record] };
  return Array.isArray(record)
    ? { txt: record }
    : (record as Exclude<KeyRecord, string | readonly TxtRecord[]> | undefined);
}

/** The records of a name, and of the names that it leads to; a circle of aliases ends after some rounds, as servers do. */
function answers(question: Question, find: (name: string) => KeyRecord | undefined): Answer[] {
  const list: Answer[] = [];
  let { name } = question;
  for (let hop = 0; hop < 8; hop++) {
    const record = expand(find(name));
    if (record === undefined) break;
    const ttl = record.ttl ?? 300;
    if (record.cname === undefined) {
      if (question.type === 'TXT')
        for (const txt of record.txt ?? []) list.push({ type: 'TXT', name, ttl, data: strings(txt) });
      break;
    }
    list.push({ type: 'CNAME', name, ttl, data: record.cname });
    name = record.cname;
  }
  return list;
}

function strings(txt: TxtRecord): Buffer[] {
  const parts = typeof txt === 'string' ? (txt.match(/[\s\S]{1,255}/g) ?? ['']) : txt;
  return parts.map((part) => Buffer.from(part, 'latin1'));
}

function encode(question: Question, list: Answer[], flags: number): Buffer {
  const packet: Packet = {
    type: 'response',
    id: question.id,
    flags: AUTHORITATIVE | flags,
    questions: [{ type: question.type as 'TXT', name: question.name }],
    answers: list,
  };
  return dnsPacket.encode(packet);
}
