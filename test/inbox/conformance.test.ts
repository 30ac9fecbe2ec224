import { join } from 'node:path';
import { storeConformance } from '@smtpeter-webhooks/inbox/conformance';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { describe, it } from 'vitest';
import { folder } from './inbox.testing.js';
import { hasPostgres, openPostgres, ownSchema } from './postgres.testing.js';

describe('SQLite', () => {
  for (const { name, run } of storeConformance()) {
    it(name, async () => {
      const path = folder();
      await run({ open: async (place) => sqliteStore({ file: join(path, `${place}.db`) }) });
    });
  }
});

const hasNodeSqlite = process.getBuiltinModule('node:sqlite' as 'fs') !== undefined;
describe.skipIf(!hasNodeSqlite)('SQLite of Node.js (skipped where it has none; npm run test:platforms)', () => {
  for (const { name, run } of storeConformance()) {
    it(name, async () => {
      const path = folder();
      await run({ open: async (place) => sqliteStore({ file: join(path, `${place}.db`), driver: 'node:sqlite' }) });
    });
  }
});

describe.skipIf(!hasPostgres)('PostgreSQL (skipped where none runs, see TEST_POSTGRES_URL)', () => {
  for (const { name, run } of storeConformance()) {
    it(name, async () => {
      const schema = ownSchema();
      await run({ open: async () => openPostgres(schema) });
    });
  }
});
