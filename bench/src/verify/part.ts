import { createPublicKey, hash, verify } from 'node:crypto';
import { makeCalls, prepare, readyKeys } from '../calls.js';
import { Peers } from '../peers.js';
import { type Candidate, measure, ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';
import { inSteps, ourVerifier } from './ours.js';
import { straightLine } from './straight-line.js';
import { verifyPeers } from './verify-peers.js';

interface Size {
  readonly title: string;
  readonly messageBytes?: number;
  readonly calls: number;
  readonly warmUp: number;
  /** What the ratio is to: the signature alone, or with the body's hash, which nobody can do without. */
  readonly base: 'crypto.verify' | 'crypto.hash + crypto.verify';
  readonly goal: number;
}

const sizes: readonly Size[] = [
  { title: 'an open', calls: 1500, warmUp: 5000, base: 'crypto.verify', goal: 1.4 },
  {
    title: 'a bounce of 40 kB',
    messageBytes: 36_000,
    calls: 200,
    warmUp: 1000,
    base: 'crypto.hash + crypto.verify',
    goal: 1.2,
  },
  {
    title: 'a bounce of 2 MiB',
    messageBytes: 1_900_000,
    calls: 12,
    warmUp: 12,
    base: 'crypto.hash + crypto.verify',
    goal: 1.03,
  },
];

/** How long it takes to verify a call, in one thread, with a key that is known. */
export async function verifyPart(seconds: number): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const size of sizes) tables.push(await verifyTable(size, seconds));
  return tables;
}

async function verifyTable(size: Size, seconds: number): Promise<Table> {
  const warmUp = seconds < 1 ? Math.min(size.warmUp, 100) : size.warmUp;
  const count = seconds < 1 ? Math.min(size.calls, 64) : size.calls;
  const made = makeCalls(count, size.messageBytes === undefined ? {} : { messageBytes: size.messageBytes });
  const calls = made.calls.map(prepare);
  const [first] = calls;
  if (first === undefined) throw new Error('There are no calls.');
  const key = createPublicKey(made.key.publicKeyPem);
  const keys = await readyKeys(made.key);
  const verifier = ourVerifier(keys, count);
  const verifierInSteps = ourVerifier(keys, count);
  const byHand = straightLine(key, count);
  const peers = new Peers();
  const others = await verifyPeers(peers, made.key);

  const inTurn = turns(calls);
  const entries: { candidate: Candidate; kind: Row['kind']; goal?: Goal }[] = [];
  const add = (kind: Row['kind'], candidate: Candidate, goal?: Goal) =>
    entries.push({ kind, candidate, ...(goal !== undefined && { goal }) });
  const goal = { atMost: size.goal };

  add('limit', {
    name: 'crypto.verify',
    run: inTurn((call) => must(verify('sha256', call.signingBytes, key, call.signature))),
  });
  add('limit', {
    name: 'crypto.hash + crypto.verify',
    run: inTurn((call) => {
      hash('sha256', call.body, 'base64');
      must(verify('sha256', call.signingBytes, key, call.signature));
    }),
  });
  add('peer', { name: 'main checks by hand, in one function', run: inTurn((call) => must(byHand(call))) });
  add(
    'ours',
    {
      name: 'verify: every check and the replay claim',
      run: inTurnWaiting(calls, (call) => verifier.verify(call.request)),
    },
    goal,
  );
  add(
    'ours',
    { name: 'the same in steps, as a receiver does it', run: inTurn((call) => inSteps(verifierInSteps, call)) },
    goal,
  );
  for (const peer of others) {
    add('peer', {
      name: peer.name,
      run: inTurnWaiting(calls, async (call) => must(await peer.verify(call))),
    });
  }
  const measured = await measure(
    entries.map(({ candidate }) => candidate),
    { seconds, warmUp },
  );
  const base = measured.get(size.base)?.times ?? [];
  const rows = entries.map(({ candidate, kind, goal: aim }): Row => {
    const times = measured.get(candidate.name)?.times ?? [];
    return {
      what: candidate.name,
      kind: candidate.name === size.base ? 'base' : kind,
      ratio: ratioOf(times, base),
      goal: aim,
    };
  });
  return {
    title: `Verifying ${size.title} (body of ${first.body.length.toLocaleString('en')} B), one thread, the key known`,
    ratioOf: `Processor time for a call, to that of ${size.base} with a ready KeyObject (2,048 bits). Lower is better.`,
    rows,
    missing: peers.missing,
  };
}

function must(holds: boolean): void {
  if (!holds) throw new Error('A genuine call was refused.');
}

type Turn<T> = (each: (call: T) => void) => (times: number) => void;

/** Each candidate takes the calls in turn, and goes on where it stopped. */
function turns<T>(calls: readonly T[]): Turn<T> {
  return (each) => {
    let at = 0;
    return (times) => {
      for (let i = 0; i < times; i++) {
        each(calls[at] as T);
        at = at + 1 === calls.length ? 0 : at + 1;
      }
    };
  };
}

function inTurnWaiting<T>(calls: readonly T[], each: (call: T) => Promise<unknown>): (times: number) => Promise<void> {
  let at = 0;
  return async (times) => {
    for (let i = 0; i < times; i++) {
      await each(calls[at] as T);
      at = at + 1 === calls.length ? 0 : at + 1;
    }
  };
}
