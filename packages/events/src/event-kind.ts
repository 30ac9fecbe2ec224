import type { EventKind } from './event.js';
import type { RawObject } from './raw.js';

const messageTypes = ['open', 'click', 'delivery', 'failure', 'bounce', 'abuse', 'unsubscribe'] as const;
const profileTypes = ['create', 'update', 'delete'] as const;

/**
 * Tells the kind of an event by its `type`, or, in callbacks of the older Publisher, by its `action`. An event about a
 * subprofile is one that carries `subprofile`.
 */
export function kindOf(raw: RawObject): EventKind {
  const type = word(raw['type']) ?? word(raw['action']);
  const about = messageTypes.find((one) => one === type && raw['type'] !== undefined);
  if (about !== undefined) return about;
  const change = profileTypes.find((one) => one === type);
  if (change === undefined) return 'unknown';
  return 'subprofile' in raw ? `subprofile.${change}` : `profile.${change}`;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.trim().toLowerCase() : undefined;
}
