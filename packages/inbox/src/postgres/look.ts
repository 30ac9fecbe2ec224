import type { EventFilter, StoreStats } from '../store.js';
import type { SqlRunner } from './runner.js';
import type { Statements } from './statements.js';

export async function readStats(runner: SqlRunner, statements: Statements): Promise<StoreStats> {
  const { rows } = await runner.query(statements.stats);
  const [{ waiting, running, handled, dead, past, oldest }] = rows;
  const of = (name: string) => Number(past[name] ?? 0);
  const counts = {
    waiting: Number(waiting),
    running: Number(running),
    handled: Number(handled) + of('pruned-handled'),
    dead: Number(dead),
  };
  return {
    accepted: counts.waiting + counts.running + counts.handled + counts.dead + of('pruned-other'),
    ...counts,
    duplicates: of('duplicates'),
    oldestWaiting: oldest === null ? null : Number(oldest),
  };
}

/** A filter as conditions; its values come after those that are there already. */
export function whereOf(filter: EventFilter, values: unknown[]): string {
  const parts: string[] = [];
  const add = (sql: (value: string) => string, value: unknown) => {
    values.push(value);
    parts.push(`AND ${sql(`$${values.length}`)}`);
  };
  const { ids, states, kind, recipient, receivedBefore, error } = filter;
  if (ids !== undefined) add((value) => `id = ANY (${value}::bigint[])`, ids);
  if (states !== undefined) add((value) => `state = ANY (${value}::text[])`, states);
  if (kind !== undefined) add((value) => `kind = ${value}`, kind);
  if (recipient !== undefined) add((value) => `lower(recipient) = lower(${value})`, recipient);
  if (receivedBefore !== undefined) add((value) => `received_at < ${value}::bigint`, receivedBefore);
  if (error !== undefined) add((value) => `strpos(lower(errors -> -1 ->> 'message'), lower(${value})) > 0`, error);
  return parts.join(' ');
}
