// How much room an event takes in each store, as a genuine call of the sender's samples: `node test/inbox/sizes.mjs
// [events]`, with TEST_POSTGRES_URL in PostgreSQL too. Prints bytes an event when they wait, and when they are handled.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresStore } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { createTestKey, sampleEvent, signRequest } from '@smtpeter-webhooks/sender';

const total = Number(process.argv[2] ?? 20_000);
const folder = mkdtempSync(join(tmpdir(), 'sizes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const signing = { key: createTestKey(), keyId: 'one._domainkey.copernica.com', id: 'environment-1234' };
const url = 'https://example.com/hooks/smtpeter';
let bodies = 0;
let headerBytes = 0;

function newCall(number) {
  const { body, headers } = signRequest({ ...signing, url, event: sampleEvent('open', {}, { number }) });
  const list = headers.flat();
  bodies += body.length;
  headerBytes += JSON.stringify(list).length;
  return {
    body,
    contentType: 'application/x-www-form-urlencoded',
    contentTypeSigned: true,
    headers: list,
    identity: signing.id,
    url,
    receivedAt: Date.now(),
    eventKey: createHash('sha256').update(body).update(`${number}`).digest('hex'),
    eventKeyUntil: Date.now() + 86_400_000,
    replayKey: randomBytes(32),
    replayUntil: Date.now() + 600_000,
    kind: 'open',
    recipient: `someone${number}@example.com`,
    orderKey: null,
  };
}

async function measure(name, store, sizeOf) {
  bodies = 0;
  headerBytes = 0;
  for (let i = 0; i < total; i += 100) {
    await store.accept(Array.from({ length: 100 }, (_, n) => newCall(i + n)));
  }
  await store.wipe?.();
  const waiting = await sizeOf();
  for (let left = total; left > 0; ) {
    const { events } = await store.claim({ owner: 'one', limit: 500, leaseMs: 60_000, exceptKinds: [] });
    await store.settle(events.map(({ id, lease }) => ({ id, lease, to: 'handled' })));
    left -= events.length;
  }
  await store.wipe?.();
  const each = (bytes) => Math.round(bytes / total);
  console.log(
    `${name}: ${each(waiting)} bytes an event that waits, ${each(await sizeOf())} once all are handled, of which ${each(bodies)} body and ${each(headerBytes)} headers`,
  );
}

const file = join(folder, 'webhooks.db');
const sqlite = sqliteStore({ file });
await measure('SQLite', sqlite, () => statSync(file).size);
await sqlite.close();

const address = process.env['TEST_POSTGRES_URL'];
if (address !== undefined) {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: address, max: 4 });
  const schema = `sizes_${randomBytes(6).toString('hex')}`;
  const store = postgresStore({ pool, schema });
  const sql = `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
    WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'`;
  await measure('PostgreSQL', store, async () => Number((await pool.query(sql, [schema])).rows[0].bytes));
  await store.close();
  await pool.query(`DROP SCHEMA ${schema} CASCADE`);
  await pool.end();
}
