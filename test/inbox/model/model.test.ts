import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, expect, it } from 'vitest';
import { atEnd } from '../../vendor.testing.js';
import { hasPostgres, openPostgres, ownSchema } from '../postgres.testing.js';
import { brokenStores } from './broken-stores.testing.js';
import { runModel } from './run-model.testing.js';

/** How many runs; the long form is `npm run test:model`. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 100);
const seed = Number(process.env['MODEL_SEED'] ?? 20261124);

/** A store in memory, where there is a file system for it: what is on the disk after a crash is tested elsewhere. */
function open() {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'inbox-model-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const store = sqliteStore({ file: join(folder, 'webhooks.db') });
  atEnd(() => store.close());
  return store;
}

describe('leases, attempts, order and keys against a simple model', { timeout: 60_000 + numRuns * 400 }, () => {
  it(`SQLite: ${numRuns} runs`, async () => {
    const { failed, counterexample, errorInstance, seed: used } = await runModel(open(), { numRuns, seed });
    expect(failed ? `${errorInstance}\nseed ${used}\n${counterexample}` : '').toBe('');
  });

  it.skipIf(!hasPostgres)(`PostgreSQL: ${Math.ceil(numRuns / 25)} runs (skipped where none runs)`, async () => {
    const store = openPostgres(ownSchema());
    atEnd(() => store.close());
    const { failed, counterexample, errorInstance } = await runModel(store, { numRuns: Math.ceil(numRuns / 25), seed });
    expect(failed ? `${errorInstance}\n${counterexample}` : '').toBe('');
  });

  for (const [fault, wrap] of Object.entries(brokenStores)) {
    it(`finds it out when ${fault}`, async () => {
      const { failed, numRuns: needed, errorInstance } = await runModel(open(), { numRuns: 200, seed }, wrap);
      expect(failed).toBe(true);
      expect(`${errorInstance}`).toContain('AssertionError');
      if (process.env['MODEL_RUNS']) console.log(`${fault}: run ${needed}: ${`${errorInstance}`.split('\n')[0]}`);
    });
  }
});
