import { createHash } from 'node:crypto';
import { parse as parseQuery } from 'node:querystring';
import { createEventParser } from '@smtpeter-webhooks/events';
import { type EventFields, encodeForm, encodeJson, sampleEvent } from '@smtpeter-webhooks/sender';
import { Peers } from '../peers.js';
import { type Candidate, measure, ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';

/** How many different bodies go round. */
const BODIES = 200;

interface Subject {
  readonly title: string;
  readonly event: (number: number) => EventFields;
  readonly form?: Goal;
  readonly json?: Goal;
}

const subjects: readonly Subject[] = [
  {
    title: 'a profile update with 25 fields',
    event: (number) => sampleEvent('profile.update', { fields: fields(number) }, { number }),
    form: { atMost: 3.5 },
    json: { atMost: 1.6 },
  },
  { title: 'an open', event: (number) => sampleEvent('open', {}, { number }) },
  {
    title: 'a bounce of 40 kB',
    event: (number) =>
      sampleEvent(
        'bounce',
        { mime: `${'A line of the message: 100 % = full + more\r\n'.repeat(850)}${number}` },
        { number },
      ),
  },
];

/** From the bytes of a body to a typed event. */
export async function decodePart(seconds: number): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const subject of subjects) tables.push(await decodeTable(subject, seconds));
  return tables;
}

async function decodeTable(subject: Subject, seconds: number): Promise<Table> {
  const events = Array.from({ length: BODIES }, (_, number) => subject.event(number));
  const json = events.map((event) => Buffer.from(encodeJson(event)));
  const form = events.map((event) => Buffer.from(encodeForm(event)));
  const key = createHash('sha256').update('any').digest('hex');
  const parse = createEventParser();
  const typed = (body: Buffer, contentType: string) => {
    const event = parse({ body, contentType, identity: 'environment-1234', key });
    if (event.kind === 'unknown') throw new Error('An event was not understood.');
  };
  const peers = new Peers();
  const rows: { candidate: Candidate; kind: Row['kind']; goal?: Goal | undefined }[] = [];
  const add = (
    kind: Row['kind'],
    name: string,
    bodies: readonly Buffer[],
    each: (body: Buffer) => unknown,
    goal?: Goal,
  ) => rows.push({ kind, goal, candidate: { name, run: inTurn(bodies, each) } });

  const base = 'JSON.parse of the JSON body';
  add('base', base, json, (body) => JSON.parse(body.toString()));
  add('ours', 'ours: JSON to a typed event', json, (body) => typed(body, 'application/json'), subject.json);
  add(
    'ours',
    'ours: form to a typed event',
    form,
    (body) => typed(body, 'application/x-www-form-urlencoded'),
    subject.form,
  );
  add('peer', 'URLSearchParams (flat, no types)', form, (body) => [...new URLSearchParams(body.toString())]);
  add('peer', 'node:querystring (flat, no types)', form, (body) => parseQuery(body.toString()));
  const fast = await peers.load<{ parse(text: string): unknown }>('fast-querystring');
  if (fast !== undefined) add('peer', 'fast-querystring (flat, no types)', form, (body) => fast.parse(body.toString()));
  const qs = await peers.load<{ parse(text: string, options: object): unknown }>('qs');
  if (qs !== undefined) {
    add('peer', 'qs (nested, no types)', form, (body) => qs.parse(body.toString(), { parameterLimit: 5000 }));
  }
  const candidates = rows.map(({ candidate }) => candidate);
  const measured = await measure(candidates, { seconds, warmUp: seconds < 1 ? 100 : 5000 });
  const basis = measured.get(base)?.times ?? [];
  return {
    title: `Decoding ${subject.title} (${json[0]?.length.toLocaleString('en')} B in JSON, ${form[0]?.length.toLocaleString('en')} B as a form)`,
    ratioOf: 'Processor time, to that of JSON.parse of the same event in JSON. Lower is better.',
    rows: rows.map(({ candidate, kind, goal }) => ({
      what: candidate.name,
      kind,
      ratio: ratioOf(measured.get(candidate.name)?.times ?? [], basis),
      goal,
    })),
    missing: peers.missing,
  };
}

function inTurn(bodies: readonly Buffer[], each: (body: Buffer) => unknown): Candidate['run'] {
  let at = 0;
  return (times) => {
    for (let i = 0; i < times; i++) {
      each(bodies[at] as Buffer);
      at = at + 1 === bodies.length ? 0 : at + 1;
    }
  };
}

function fields(number: number): Record<string, string> {
  const all: Record<string, string> = {};
  for (let i = 0; i < 25; i++) all[`field_${i}`] = `value ${i} of profile ${number} & more`;
  return all;
}
