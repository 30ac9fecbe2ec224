import type { Rejection, WebhookEvent } from '@smtpeter-webhooks/receiver';
import { type KeyServer, startKeyServer } from '@smtpeter-webhooks/sender';
import { dnsKeys, type KeySource, pinnedKeys } from '@smtpeter-webhooks/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejectionLine } from '../../packages/receiver/src/rejection-line.js';
import { type DoorName, doorNames, doors, type OpenDoor } from '../attack-doors.testing.js';
import { closeAtEnd, memoryLog } from '../vendor.testing.js';
import type { AttackCase } from './case.testing.js';
import { catalogue } from './catalogue.testing.js';
import {
  canary,
  ed25519,
  ed25519Name,
  finish,
  genuine,
  id,
  rsa,
  rsaName,
  signatures,
  smallExponent,
  smallExponentName,
  spki,
  url,
} from './draft.testing.js';
import { type Answers, exchange } from './exchange.testing.js';

/** The vendor's keys are there at once; what an attack puts into DNS is asked for over real sockets. */
function keySource(dns: KeyServer): KeySource {
  const jwk = (kid: string, key: typeof rsa) => ({ ...key.publicKey.export({ format: 'jwk' }), kid });
  const pinned = pinnedKeys({
    keys: [jwk(rsaName, rsa), jwk(ed25519Name, ed25519), jwk(smallExponentName, smallExponent)],
  });
  const known = [rsaName, ed25519Name, smallExponentName];
  const looked = dnsKeys({ servers: [dns.server], timeoutMs: 800, newNamesPerSecond: 1000 });
  return {
    find: (name) => (known.includes(name) ? pinned.find(name) : looked.find(name)),
    close: () => looked.close?.(),
  };
}

it('has at least 200 attacks, each with an id of its own', () => {
  const ids = catalogue.map((one) => one.id);
  expect(ids.filter((one, i) => ids.indexOf(one) !== i)).toEqual([]);
  expect(ids.length).toBeGreaterThanOrEqual(200);
});

describe.each(doorNames)('%s', (name: DoorName) => {
  const seen = { events: [] as WebhookEvent[], rejections: [] as Rejection[] };
  const cleanups: (() => unknown)[] = [];
  const log = memoryLog();
  const lines: string[] = [];
  let dns: KeyServer;
  let door: OpenDoor;

  beforeAll(async () => {
    dns = await startKeyServer();
    const scope = closeAtEnd();
    cleanups.push(scope.close, () => dns.close());
    door = await scope.run(() =>
      doors[name]({
        id,
        url,
        keys: keySource(dns),
        log,
        on: { '*': (event) => void seen.events.push(event) },
        onRejected: (rejection) => void seen.rejections.push(rejection),
      }),
    );
  });
  afterAll(async () => {
    await door.close();
    for (const clean of cleanups) await clean();
  });

  const run = async (one: AttackCase) => {
    seen.events.length = 0;
    seen.rejections.length = 0;
    for (const [record, what] of Object.entries(one.dns ?? {})) dns.set(record, what);
    const answers: Answers[] = [];
    if (one.serial) for (const make of one.send) answers.push(await exchange(door.to, make(), one));
    else answers.push(...(await Promise.all(one.send.map((make) => exchange(door.to, make(), one)))));
    return answers;
  };

  it.each(catalogue.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const answers = await run(one);
    const expected = one.at?.[name] ?? one.expected;
    const statuses = answers.flatMap((answer) => answer.statuses);
    const about = `${one.attack}: ${JSON.stringify({ statuses, codes: seen.rejections.map((rejection) => rejection.code) })}`;
    expect(seen.events.length, about).toBe(expected.handled);
    if (expected.handled === 0)
      expect(
        statuses.filter((status) => status < 400),
        about,
      ).toEqual([]);
    else expect(statuses, about).toContain(200);
    if (!one.silent) for (const answer of answers) expect(answer.statuses.length, about).toBeGreaterThan(0);
    if (expected.codes !== undefined) {
      expect(expected.codes, about).toContain(seen.rejections[0]?.code);
    }
    for (const event of seen.events) expected.event?.(event);
    for (const answer of answers) expect(answer.text).not.toMatch(/c4n4ry|environment-1234|copernica\.com/);
    // Each as it would be logged, for the log itself leaves most of them out.
    lines.push(...seen.rejections.map((rejection) => rejectionLine(rejection, 0)));
  });

  it('has put no recipient, body, signature, key, cookie or token into a line of the log or a metric', () => {
    const told = [...lines, ...log.lines, JSON.stringify(door.stats())].join('\n');
    expect(lines.length).toBeGreaterThan(200);
    expect(told).not.toContain(canary);
    const pieces = [...signatures.map((one) => one.slice(4, 24)), ...signatures.map((one) => one.slice(-24, -4))];
    // Signatures of zeros are no one's.
    expect(pieces.filter((piece) => piece.length === 20 && !/^A+$/.test(piece) && told.includes(piece))).toEqual([]);
    for (const key of [rsa, ed25519, smallExponent]) {
      expect(told).not.toContain(spki(key.privateKey).toString('base64').slice(-24));
    }
  });

  it('still takes a genuine call, and nothing is left in flight', async () => {
    seen.events.length = 0;
    const { statuses } = await exchange(door.to, finish(genuine()));
    expect([statuses, seen.events.length]).toEqual([[200], 1]);
    expect(door.stats()).toMatchObject({ inFlight: 0, bufferedBytes: 0 });
  });
});
