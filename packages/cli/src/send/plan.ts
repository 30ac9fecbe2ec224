import {
  eventKinds,
  type FaultName,
  faultNames,
  type SampleKind,
  type SignOptions,
  sampleEvent,
} from '@smtpeter-webhooks/sender';
import { misuse } from '../failure.js';
import { knownWord } from '../known-word.js';
import { readInput } from './input-file.js';
import type { SendOptions } from './options.js';
import { readScenario } from './scenario.js';
import { readFields } from './set-field.js';

/** What is sent: so many calls, what each is made of, and when it begins. */
export interface Plan {
  readonly count: number;
  readonly parts: (index: number) => Pick<SignOptions, 'event' | 'body' | 'encoding' | 'fault' | 'contentType'>;
  readonly dueMs?: (index: number) => number;
}

/** Makes a plan of the command's words. @throws Failure */
export async function planCalls(kind: string | undefined, options: SendOptions): Promise<Plan> {
  const given = [kind, options.body, options.scenario].filter((one) => one !== undefined);
  if (given.length === 0)
    throw misuse('Give a kind of event, --body or --scenario.', `Kinds: ${eventKinds.join(', ')}.`);
  if (given.length > 1) throw misuse('A kind of event, --body and --scenario exclude each other.');
  const contentType = contentTypeOf(options.header ?? []);
  const { encoding, count } = options;
  const fault = options.fault === undefined ? undefined : (knownWord('fault', options.fault, faultNames) as FaultName);
  const common = { encoding, ...(fault !== undefined && { fault }), ...(contentType !== undefined && { contentType }) };
  if (options.scenario !== undefined) {
    if (options.set !== undefined)
      throw misuse('--set goes with a kind of event; in a scenario each entry has its own.');
    const calls = readScenario(await readInput(options.scenario));
    return {
      count: calls.length,
      dueMs: (index) => calls[index]?.dueMs ?? 0,
      parts: (index) => ({ ...common, ...calls[index]?.parts(index + 1) }),
    };
  }
  if (options.body !== undefined) {
    if (options.set !== undefined) throw misuse('--set goes with a kind of event, not with --body.');
    const body = await readInput(options.body);
    return { count, parts: () => ({ ...common, body }) };
  }
  const event = knownWord('kind', kind ?? '', eventKinds) as SampleKind;
  const fields = readFields(options.set ?? []);
  return { count, parts: (index) => ({ ...common, event: sampleEvent(event, fields, { number: index + 1 }) }) };
}

/** Header lines that are sent beside the vendor's, not signed. @throws Failure of misuse. */
export function extraHeaders(lines: readonly string[]): [name: string, value: string][] {
  return lines.map(readHeader).filter(([name]) => name.toLowerCase() !== 'content-type');
}

function contentTypeOf(lines: readonly string[]): string | undefined {
  return lines.map(readHeader).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

function readHeader(line: string): [name: string, value: string] {
  const match = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):([\t\x20-\x7e\x80-\xff]*)$/.exec(line);
  if (match === null) throw misuse(`--header takes "Name: value", not ${JSON.stringify(line.slice(0, 80))}.`);
  return [match[1] ?? '', (match[2] ?? '').replace(/^[ \t]+/, '')];
}
