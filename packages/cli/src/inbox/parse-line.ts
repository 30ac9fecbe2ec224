import type { AttemptError, EventState, StoredEvent } from '@smtpeter-webhooks/inbox';

const states: readonly unknown[] = ['waiting', 'running', 'handled', 'dead'] satisfies EventState[];

/** What is wrong with a line, for people: the field, and what it must be. It holds nothing of the line. */
export class LineError extends Error {}

type Check<T> = (value: unknown) => T | undefined;

const text =
  (max: number): Check<string> =>
  (value) =>
    // PostgreSQL's texts hold no NUL.
    typeof value === 'string' && value.length <= max && !value.includes('\0') ? value : undefined;
const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value) =>
    value === null ? null : check(value);
const whole: Check<number> = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined);
const time: Check<number> = (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
};
const base64: Check<Buffer> = (value) => {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : undefined;
};
const digits: Check<string> = (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
const headers: Check<string[]> = (value) =>
  Array.isArray(value) && value.length % 2 === 0 && value.every((one) => typeof one === 'string') ? value : undefined;
const errors: Check<AttemptError[]> = (value) =>
  Array.isArray(value) && value.length <= 10 && value.every(isAttemptError) ? value : undefined;

function isAttemptError(value: unknown): value is AttemptError {
  if (typeof value !== 'object' || value === null) return false;
  const { at, attempt, message, ...rest } = value as Record<string, unknown>;
  return [whole(at), whole(attempt), text(1000)(message)].every((one) => one !== undefined) && isEmpty(rest);
}

const isEmpty = (rest: object) => Object.keys(rest).length === 0;

/** Reads what `exportLine` wrote, and nothing else. @throws LineError */
export function parseLine(line: string): StoredEvent {
  const fields = read(line);
  const take = <T>(name: string, check: Check<T>, must: string): T => {
    const value = name in fields ? check(fields[name]) : undefined;
    if (value === undefined) throw new LineError(`${name} must be ${must}`);
    delete fields[name];
    return value;
  };
  take('version', (value) => (value === 1 ? 1 : undefined), '1');
  const event: StoredEvent = {
    id: take('id', whole, 'a whole number'),
    state: take('state', (value) => (states.includes(value) ? (value as EventState) : undefined), states.join(', ')),
    kind: take('kind', text(100), 'a text'),
    recipient: take('recipient', orNull(text(1000)), 'a text or null'),
    identity: take('identity', text(1000), 'a text'),
    url: take('url', text(100_000), 'a text'),
    eventKey: take('eventKey', digits, '64 hexadecimal digits'),
    orderKey: take('orderKey', orNull(text(500)), 'a text of at most 500 characters, or null'),
    receivedAt: take('receivedAt', time, 'a time like 2026-01-31T12:00:00.000Z'),
    dueAt: take('dueAt', time, 'a time like 2026-01-31T12:00:00.000Z'),
    settledAt: take('settledAt', orNull(time), 'a time like 2026-01-31T12:00:00.000Z, or null'),
    attempts: take(
      'attempts',
      (value) => (Number(whole(value)) <= 1_000_000 ? whole(value) : undefined),
      'a whole number',
    ),
    errors: take('errors', errors, 'a list of at most ten { at, attempt, message }'),
    contentType: take('contentType', orNull(text(1000)), 'a text or null'),
    contentTypeSigned: take(
      'contentTypeSigned',
      (value) => (typeof value === 'boolean' ? value : undefined),
      'true or false',
    ),
    headers: take('headers', headers, 'a list of names and values'),
    body: take('body', base64, 'base64'),
  };
  if (!isEmpty(fields)) throw new LineError('it has a field that is not known');
  const isSettled = event.state === 'handled' || event.state === 'dead';
  if (isSettled !== (event.settledAt !== null))
    throw new LineError('settledAt must be there when it is settled, and null before');
  return event;
}

function read(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new LineError('it is not JSON, or not all of it');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LineError('it is not an object');
  return { ...value };
}
