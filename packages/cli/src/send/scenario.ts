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
import { readFields } from './set-field.js';

/** One call of a scenario. */
export interface ScenarioCall {
  /** Milliseconds from the start. */
  readonly dueMs: number;
  parts(number: number): Pick<SignOptions, 'event' | 'encoding' | 'fault'>;
}

const members = ['kind', 'count', 'delayMs', 'everyMs', 'set', 'encoding', 'fault'];
const MAX_CALLS = 1_000_000;

/**
 * Reads a scenario: a JSON list of `{ kind, count?, delayMs?, everyMs?, set?, encoding?, fault? }`. `delayMs` is waited
 * before an entry begins, `everyMs` between its calls.
 *
 * @throws Failure of misuse that names the entry and the member.
 */
export function readScenario(bytes: Buffer): ScenarioCall[] {
  let list: unknown;
  try {
    list = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw misuse('The scenario is not JSON.', 'Give a list such as [{ "kind": "open", "delayMs": 500 }].');
  }
  if (!Array.isArray(list) || list.length === 0) throw misuse('The scenario is not a list of events.');
  const calls: ScenarioCall[] = [];
  let at = 0;
  for (const [i, entry] of list.entries()) {
    const where = `Entry ${i + 1} of the scenario`;
    if (typeof entry !== 'object' || entry === null) throw misuse(`${where} is not an object.`);
    const one = entry as Record<string, unknown>;
    for (const name of Object.keys(one)) knownWord(`member in entry ${i + 1}`, name, members);
    const { count, everyMs, delayMs } = {
      count: number(where, one, 'count', 1, MAX_CALLS),
      everyMs: number(where, one, 'everyMs', 0, 86_400_000),
      delayMs: number(where, one, 'delayMs', 0, 86_400_000),
    };
    if (calls.length + count > MAX_CALLS) throw misuse(`The scenario has more than ${MAX_CALLS} calls.`);
    const parts = partsOf(where, one);
    at += delayMs;
    for (let n = 0; n < count; n++) calls.push({ dueMs: at + n * everyMs, parts });
    at += (count - 1) * everyMs;
  }
  return calls;
}

function partsOf(where: string, one: Record<string, unknown>): ScenarioCall['parts'] {
  const kind = knownWord('kind', textOf(one['kind']), eventKinds) as SampleKind;
  const { set = {}, encoding, fault } = one;
  if (typeof set !== 'object' || set === null) throw misuse(`${where}: set is not an object of field and value.`);
  const fields = readFields(
    Object.entries(set).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    ),
  );
  if (encoding !== undefined && encoding !== 'json' && encoding !== 'form')
    throw misuse(`${where}: encoding is json or form.`);
  const named = fault === undefined ? undefined : (knownWord('fault', textOf(fault), faultNames) as FaultName);
  return (number) => ({
    event: sampleEvent(kind, fields, { number }),
    ...(encoding !== undefined && { encoding }),
    ...(named !== undefined && { fault: named }),
  });
}

function number(where: string, one: Record<string, unknown>, name: string, min: number, max: number): number {
  const value = one[name] ?? min;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw misuse(`${where}: ${name} is a whole number from ${min} to ${max}.`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
