// Run where /mnt is a small file system of its own: keeps calls until it is full, frees room, keeps one more, then makes
// the file read-only to the process. Prints what happened as JSON. The folder is the argument.
import { createHash, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';

const folder = process.argv[2] ?? '';
const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(500_000));
const inbox = sqliteInbox({ file: join(folder, 'webhooks.db'), eventKey: null });
const codes = new Set();
const answered = [];

async function keep() {
  const body = randomBytes(20_000);
  const name = createHash('sha256').update(body).digest('hex');
  try {
    await inbox.accept({
      body,
      contentType: 'application/json',
      contentTypeSigned: true,
      headers: [],
      identity: 'environment-1',
      url: 'https://example.com/',
      receivedAt: new Date(),
      eventKey: name,
      replayKey: randomBytes(16),
      replayUntil: Date.now() + 600_000,
      parse: () => ({ kind: 'unknown', reason: { code: 'ERR_X' } }),
    });
    answered.push(name);
    return true;
  } catch (error) {
    codes.add(error.code);
    return false;
  }
}

let failures = 0;
while (failures < 5) if (!(await keep())) failures++;
const untilFull = answered.length;
const whileFull = (await inbox.stats()).accepted;
rmSync(ballast);
const again = await keep();
const events = await inbox.store.list({}, { after: 0, limit: 10_000 });
const there = new Set(events.map((event) => event.eventKey));
const intact = events.every(({ body, eventKey }) => createHash('sha256').update(body).digest('hex') === eventKey);
const lost = answered.filter((name) => !there.has(name)).length;
await inbox.close();
console.log(JSON.stringify({ untilFull, whileFull, codes: [...codes], again, lost, kept: events.length, intact }));
