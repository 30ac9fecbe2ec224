// A handler that was down for a day: so many events pile up, then they are handled, of each key in order. Prints how
// long calls took to be kept, the memory, and how fast the backlog goes. `node test/inbox/backlog.mjs [events] [keys]`,
// with TEST_POSTGRES_URL in PostgreSQL, else in a SQLite file.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';

const { positionals } = parseArgs({ allowPositionals: true });
const total = Number(positionals[0] ?? 1_000_000);
const keys = Number(positionals[1] ?? 1000);
const CLIENTS = 64;
const PARTS = 10;
const url = process.env['TEST_POSTGRES_URL'];
const folder = mkdtempSync(join(tmpdir(), 'backlog-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'webhooks.db');
const orderBy = (event) => event.recipient;
const schema = `backlog_${randomBytes(6).toString('hex')}`;
const inbox = url === undefined ? sqliteInbox({ file, orderBy }) : postgresInbox({ url, schema, orderBy });

const mb = () => `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`;
const seconds = (since) => (performance.now() - since) / 1000;

function call(number) {
  const recipient = `r${number % keys}@example.com`;
  const body = Buffer.from(`type=open&id=${number}&recipient=${encodeURIComponent(recipient)}`);
  return {
    body,
    contentType: 'application/x-www-form-urlencoded',
    contentTypeSigned: true,
    headers: ['Host', 'example.com', 'Content-Type', 'application/x-www-form-urlencoded', 'X-Nonce', 'a'.repeat(300)],
    identity: 'environment-1234',
    url: 'https://example.com/hooks/smtpeter',
    receivedAt: new Date(),
    eventKey: createHash('sha256').update(body).digest('hex'),
    replayKey: randomBytes(16),
    replayUntil: Date.now() + 600_000,
    parse: () => ({ kind: 'open', recipient, id: `${number}` }),
  };
}

/** Of each key one call after the other is under way, as the order of arrival is what counts. */
async function pileUp() {
  let next = 0;
  for (let part = 1; part <= PARTS; part++) {
    const end = Math.floor((total / PARTS) * part);
    const times = [];
    const began = performance.now();
    const count = end - next;
    const client = async () => {
      while (next < end) {
        const from = performance.now();
        await inbox.accept(call(next++));
        times.push(performance.now() - from);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CLIENTS, keys) }, client));
    times.sort((a, b) => a - b);
    const at = (share) => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(1)} ms`;
    const rate = Math.round(count / seconds(began));
    console.log(`${next} kept: ${rate}/s, half within ${at(0.5)}, 99 % within ${at(0.99)}, memory ${mb()}`);
  }
}

async function drain() {
  const last = new Map();
  let handled = 0;
  let disorder = 0;
  let began = performance.now();
  let done;
  const end = new Promise((resolve) => {
    done = resolve;
  });
  const worker = startWorker({
    inbox,
    concurrency: Number(process.env['BACKLOG_CONCURRENCY'] ?? 10),
    on: {
      open(event) {
        const number = Number(event.id);
        if (number <= (last.get(event.recipient) ?? -1)) disorder++;
        last.set(event.recipient, number);
        if (++handled % Math.ceil(total / PARTS) === 0 || handled === total) {
          console.log(`${handled} handled: ${Math.round(total / PARTS / seconds(began))}/s, memory ${mb()}`);
          began = performance.now();
        }
        if (handled === total) done();
      },
    },
  });
  await end;
  await worker.close();
  return { disorder, keys: last.size };
}

const began = performance.now();
await pileUp();
const kept = seconds(began);
if (url === undefined) console.log(`the file: ${Math.round(statSync(file).size / total)} bytes an event`);
const start = performance.now();
const result = await drain();
const drained = seconds(start);
const { handled, waiting, running, dead } = await inbox.stats();
console.log(`kept ${Math.round(total / kept)}/s, handled ${Math.round(total / drained)}/s`);
console.log(JSON.stringify({ total, handled, waiting, running, dead, ...result }));
await inbox.close();
process.exitCode = handled === total && result.disorder === 0 && result.keys === Math.min(keys, total) ? 0 : 1;
