import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import type { WebhookEvent } from '@smtpeter-webhooks/receiver';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import type { KeyLookup, KeySource } from '@smtpeter-webhooks/verify';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { readKeyRecords } from '../../packages/verify/src/key-records.js';
import {
  dkim,
  ed25519,
  ed25519Name,
  finish,
  foreign,
  genuine,
  id,
  path,
  rsa,
  rsaName,
  url,
  useEd25519,
} from './draft.testing.js';
import { type Mutation, mutateAll, mutation } from './mutations.testing.js';
import { type Meaning, readStraight } from './straight.testing.js';

/** `MUTATION_RUNS=200000 npx vitest run test/attack/mutations.test.ts`; `MUTATION_SEED` for another walk. */
const runs = Number(process.env['MUTATION_RUNS'] ?? 20_000);
const seed = Number(process.env['MUTATION_SEED'] ?? 20_261_124);

let records: Record<string, readonly string[]> = {};
const genuineRecords = { [rsaName]: [dkim(rsa.privateKey)], [ed25519Name]: [dkim(ed25519.privateKey)] };

const lookups = new Map<string, KeyLookup>();
/** Reads the records of the run, as DNS answers them; the same ones only once. */
const keys: KeySource = {
  find(name) {
    const list = records[name] ?? [];
    const text = list.join('\n');
    const known = lookups.get(text);
    if (known !== undefined) return known;
    return readKeyRecords(list).then((read) => {
      const lookup: KeyLookup =
        read.outcome === 'keys' ? { outcome: 'found', keys: read.keys, cached: false, stale: false } : read;
      lookups.set(text, lookup);
      return lookup;
    });
  },
};
const events: WebhookEvent[] = [];
const server = createServer(
  nodeReceiver({ id, url, keys, log: false, trustProxy: true, on: { '*': (event) => void events.push(event) } }),
);
afterAll(() => server.close());

/** Node's own parser and server, on a connection in memory: a hundred times as many runs as over a socket. */
function deliver(octets: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        text += chunk.toString('latin1');
        done();
        // Every body of an answer ends with a line feed, and so does the answer of Node itself to what is no HTTP.
        if (/^HTTP\/1\.1 (?!100)\d{3} /.test(text) && text.endsWith('\n')) finishWith();
      },
      final(done) {
        done();
        finishWith();
      },
      destroy(_, done) {
        done(null);
        finishWith();
      },
    });
    let done = false;
    const finishWith = () => {
      if (done) return;
      done = true;
      resolve(text);
      setImmediate(() => socket.destroy());
    };
    server.emit('connection', socket);
    socket.push(octets);
    // What waits for more than there is has been refused, for our purpose.
    setImmediate(() => setImmediate(() => setImmediate(() => socket.push(null))));
  });
}

/** Signed calls of each kind. Signing costs more than all the rest of a run, and a call that was refused is as good as new. */
const signed = new Map<string, { readonly octets: Buffer; readonly from: number }>();

function signedCall(isEd25519: boolean, lengthUnsigned: boolean): { octets: Buffer; taken: () => void } {
  const kind = `${isEd25519} ${lengthUnsigned}`;
  const kept = signed.get(kind);
  if (kept !== undefined && Date.now() - kept.from < 60_000) {
    return { octets: kept.octets, taken: () => signed.delete(kind) };
  }
  const draft = genuine();
  if (isEd25519) useEd25519(draft);
  if (lengthUnsigned) draft.list = draft.list.filter((name) => name !== 'content-length');
  signed.set(kind, { octets: finish(draft), from: Date.now() });
  return signedCall(isEd25519, lengthUnsigned);
}

const counts = { accepted: 0, acceptedChanged: 0, refused: 0, strict: 0 };

it(
  `whatever is changed: what we take, a second opinion takes for the same thing (${runs} runs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.array(mutation, { minLength: 1, maxLength: 5 }),
        async (isEd25519, lengthUnsigned, mutations: Mutation[]) => {
          const call = signedCall(isEd25519, lengthUnsigned);
          const changed = mutateAll(call.octets, genuineRecords, mutations, dkim(foreign.privateKey));
          records = changed.records;
          events.length = 0;
          const second = readStraight(changed.octets, {
            host: 'example.com',
            path,
            identity: id,
            now: Date.now(),
            toleranceMs: 300_000,
            records,
          });
          const answer = await deliver(changed.octets);
          const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
          const [event] = events;
          if (event === undefined) {
            expect(status >= 200 && status < 300).toBe(false);
            counts.refused++;
            if (typeof second !== 'string') counts.strict++;
            return;
          }
          // Handled once, it is a replay from now on.
          call.taken();
          expect(events).toHaveLength(1);
          counts.accepted++;
          if (changed.isChanged) counts.acceptedChanged++;
          expect(second, `we took it, the second opinion says: ${second}`).toBeTypeOf('object');
          const meaning = second as Meaning;
          expect(Buffer.from(event.body).toString('latin1')).toBe(meaning.body);
          expect(event.identity).toBe(meaning.identity);
        },
      ),
      { numRuns: runs, seed, endOnFailure: process.env['MUTATION_FAST'] === '1' },
    );
    console.info(JSON.stringify({ runs, seed, ...counts }));
    // Otherwise the property would say nothing: some changes mean nothing and must be taken, most must not.
    expect(counts.acceptedChanged).toBeGreaterThan(runs / 100);
    expect(counts.refused).toBeGreaterThan(runs / 3);
  },
  60_000 + runs * 30,
);
