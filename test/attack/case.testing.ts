import type { WebhookEvent } from '@smtpeter-webhooks/receiver';
import type { KeyRecord } from '@smtpeter-webhooks/sender';
import type { DoorName } from '../attack-doors.testing.js';
import { type Draft, finish, genuine } from './draft.testing.js';

/** What must hold of a case. */
export interface Expected {
  /** How many events reach the handler; 0 is a refusal, and then no answer is 2xx. */
  readonly handled: number;
  /** The codes of refusals that may be seen, any one of them; undefined: the platform may refuse it before us. */
  readonly codes?: readonly string[];
  /** Looks at the event that was handled. It throws when something is wrong. */
  readonly event?: (event: WebhookEvent) => void;
}

/** One attack. */
export interface AttackCase {
  readonly id: string;
  readonly group: string;
  /** In one line. */
  readonly attack: string;
  /** What is sent: each on a connection of its own, at the same time unless `serial`. */
  readonly send: readonly (() => Buffer)[];
  readonly serial?: boolean;
  /** How many answers a connection gets; default 1. */
  readonly answers?: number;
  /** The client ends its side when everything is sent: for what would wait for more. */
  readonly cut?: boolean;
  /** The platform closes the connection without a word, and that is right. */
  readonly silent?: boolean;
  readonly expected: Expected;
  /** Doors at which something else must hold, for instance because Fetch lets see less. */
  readonly at?: Partial<Record<DoorName, Expected>>;
  /** Records that the attack needs in DNS. */
  readonly dns?: Readonly<Record<string, KeyRecord>>;
  /** The vendor's own PHP verifier lets it in (measured with PHP 8.2, or read in its source). */
  readonly vendorAccepts?: string;
}

type More = Partial<Pick<AttackCase, 'at' | 'dns' | 'vendorAccepts' | 'answers' | 'cut' | 'silent'>>;

/** Makes the cases of a group. */
export function group(name: string, all: Pick<More, 'cut'> = {}) {
  const cases: AttackCase[] = [];
  const change = (by: (draft: Draft) => void, body?: string) => () => {
    const draft = genuine(body);
    by(draft);
    return finish(draft);
  };
  return {
    cases,
    /** A genuine call that is changed before or after it is signed, and must be refused with one of the codes. */
    refused(
      id: string,
      attack: string,
      codes: string | readonly string[] | undefined,
      by: (draft: Draft) => void,
      more: More = {},
    ) {
      const expected = codes === undefined ? { handled: 0 } : { handled: 0, codes: [codes].flat() };
      cases.push({ id, group: name, attack, send: [change(by)], expected, ...all, ...more });
    },
    /** What only looks like an attack, or is a genuine call with hostile content: it is handled once, safely. */
    harmless(
      id: string,
      attack: string,
      by: (draft: Draft) => void,
      more: More & { event?: Expected['event']; body?: string } = {},
    ) {
      const { event, body, ...rest } = more;
      cases.push({
        id,
        group: name,
        attack,
        send: [change(by, body)],
        expected: { handled: 1, ...(event && { event }) },
        ...all,
        ...rest,
      });
    },
    /** Several calls that are one and the same event, made of one draft: it is handled once. */
    repeated(
      id: string,
      attack: string,
      make: () => readonly Buffer[],
      more: More & { serial?: boolean; handled?: number } = {},
    ) {
      let made: readonly Buffer[] | undefined;
      const count = make().length;
      const send = Array.from({ length: count }, (_, i) => () => {
        // Made anew for each run: the first one asks for it.
        if (i === 0 || made === undefined) made = make();
        return made[i] ?? Buffer.alloc(0);
      });
      const { serial = false, handled = 1, ...rest } = more;
      cases.push({ id, group: name, attack, send, serial, expected: { handled }, ...all, ...rest });
    },
  };
}
