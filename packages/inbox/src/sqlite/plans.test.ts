import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { newCall } from '../conformance/steps.js';
import { accept } from './accept.js';
import { claim } from './claim.js';
import { expire, owners, renew } from './leases.js';
import { countWaiting } from './look.js';
import { sweep } from './mend.js';
import { SqliteSession } from './session.js';
import { settle } from './settle.js';

const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A backlog of a day must not make any of this slower. */
it('looks no table through and sorts nothing to keep, take and settle events', () => {
  const texts = new Set<string>();
  class Listening extends SqliteSession {
    override sql(text: string) {
      texts.add(text);
      return super.sql(text);
    }
  }
  const session = new Listening({ file: join(folder, 'webhooks.db'), busyTimeoutMs: 0 }, Date.now);
  accept(session, [newCall({ orderKey: 'a' }), newCall({ orderKey: 'a' }), newCall()]);
  const request = { owner: 'a/b/1/c/1', limit: 10, leaseMs: 1000 };
  const { rows } = claim(session, { ...request, exceptKinds: ['click'] });
  const [one, two] = rows.map(({ id, lease }) => ({ id, lease: lease ?? '' }));
  if (one === undefined || two === undefined) throw new Error('Two can be taken.');
  claim(session, { ...request, exceptKinds: [] });
  renew(session, [one, two], 1000);
  settle(session, [
    { ...one, to: 'handled' },
    { ...two, to: 'waiting', afterMs: 0, error: 'no' },
  ]);
  expire(session, { owners: ['a/b/1/c/1'], maxAttempts: 2 });
  owners(session);
  countWaiting(session, 10);
  sweep(session, 0);
  expect(texts.size).toBeGreaterThan(12);
  const plans = [...texts].flatMap((text) => {
    const steps = session.sql(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
    return steps.map(({ detail }) => ({ text, detail }));
  });
  session.close();
  const through = plans.filter(({ detail }) => /^SCAN inbox_|^SCAN [epk]\b/.test(detail));
  // Of those that are running there are only as many as workers hold.
  expect(through.filter(({ detail }) => !/USING (COVERING )?INDEX inbox_event_(lease|due)\b/.test(detail))).toEqual([]);
  const sorted = plans.filter(({ text, detail }) => /TEMP B-TREE/.test(detail) && !/json_each|DISTINCT/.test(text));
  expect(sorted).toEqual([]);
});
