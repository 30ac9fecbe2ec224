// Proves the inbox on Node's own SQLite: `node inbox.mjs <folder>`. Prints JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeConformance } from '@smtpeter-webhooks/inbox/conformance';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';

const folder = process.argv[2] ?? '';
const driver = 'node:sqlite';
const failed = [];
const all = { after: 0, limit: 10 };

for (const { name, run } of storeConformance()) {
  try {
    await run({ open: async (place) => sqliteStore({ file: join(folder, `${place}.db`), driver }) });
  } catch (error) {
    failed.push(`${name}: ${error.message}`);
  }
}

const codeOf = async (file) => {
  const store = sqliteStore({ file, driver, busyTimeoutMs: 10 });
  const code = await store.sweep(0).then(
    () => 'none',
    (error) => error.code,
  );
  await store.close();
  return code;
};

/** What a handler does in a transaction, with every kind of value. */
async function effects() {
  const file = join(folder, 'effects.db');
  const store = sqliteStore({ file, driver });
  await store.import([
    {
      id: 1,
      state: 'waiting',
      kind: 'open',
      identity: 'environment-1',
      url: 'https://example.com/',
      eventKey: 'a'.repeat(64),
      orderKey: null,
      contentType: null,
      contentTypeSigned: true,
      recipient: null,
      attempts: 0,
      errors: [],
      receivedAt: Date.now(),
      dueAt: 0,
      settledAt: null,
      headers: [],
      body: Buffer.from('a'),
    },
  ]);
  const [event] = (await store.claim({ owner: 'one', limit: 1, leaseMs: 60_000, exceptKinds: [] })).events;
  const transaction = store.begin(event);
  transaction.tx.run('CREATE TABLE effect (a, b, c, d)');
  transaction.tx.run('INSERT INTO effect VALUES (?, ?, ?, ?)', 'text', 1.5, null, Buffer.from('bytes'));
  const committed = await transaction.commit();
  const rows = await transaction.tx.all('SELECT a, b, c, hex(d) AS d FROM effect WHERE b > ?', 1);
  const wiped = await store.wipe();
  const [{ state }] = await store.list({}, all);
  // From the future.
  await store.close();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 999');
  database.close();
  return { committed, rows: rows.map((row) => ({ ...row })), wiped, state, newer: await codeOf(file) };
}

const damaged = join(folder, 'damaged.db');
writeFileSync(damaged, 'this is no database'.repeat(500));
const codes = { damaged: await codeOf(damaged), nowhere: await codeOf(join(folder, 'nowhere/at/all.db')) };
console.log(JSON.stringify({ cases: storeConformance().length, failed, codes, effects: await effects() }));
