/*
 * What `npm start` shows: a receiver in an Express app, with a DNS key server of its own, gets one of each event and
 * three forgeries through real sockets. Then it stays up, and tells how to send it more; with --once it ends.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dnsKeys, webhooks } from '@smtpeter-webhooks/express';
import {
  createTestKey,
  eventKinds,
  type FaultName,
  sampleEvent,
  sendRequest,
  signRequest,
  startKeyServer,
} from '@smtpeter-webhooks/sender';
import express from 'express';

const once = process.argv.includes('--once');
const id = 'environment-1234';
const keyId = 'one._domainkey.copernica.com';

// The vendor's part: a key, and the DNS record that publishes it.
const key = createTestKey();
const dns = await startKeyServer({ records: { [keyId]: [key.dkimRecord] } });

// The port must be known before the URL is.
const app = express();
const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/smtpeter`;

// Your part.
const receiver = webhooks({
  id,
  url,
  keys: dnsKeys({ servers: [dns.server] }),
  log: false,
  on: {
    '*': (event) => console.log(`  accepted  ${event.kind.padEnd(18)} ${event.occurredAt?.toISOString() ?? ''}`),
  },
  onRejected: ({ status, code, reason }) => console.log(`  refused   ${status} ${code}\n            ${reason}`),
});
app.use(receiver);

const send = (kind: (typeof eventKinds)[number], fault?: FaultName) =>
  sendRequest(signRequest({ url, id, key, keyId, event: sampleEvent(kind), ...(fault && { fault }) }));

console.log(`A receiver is at ${url}.\n\nOne of each event:`);
let accepted = 0;
for (const kind of eventKinds) accepted += (await send(kind)).status === 200 ? 1 : 0;

console.log('\nThree forgeries:');
const forgeries: FaultName[] = ['altered-body', 'foreign-key', 'stale-date'];
let refused = 0;
for (const fault of forgeries) refused += (await send('open', fault)).status === 401 ? 1 : 0;

console.log(
  `\n${accepted} of ${eventKinds.length} events accepted, ${refused} of ${forgeries.length} forgeries refused.`,
);
if (accepted !== eventKinds.length || refused !== forgeries.length) process.exitCode = 1;

const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-'));
const stop = async () => {
  await receiver.close({ timeoutMs: 1000 });
  server.close();
  server.closeAllConnections();
  await dns.close();
  rmSync(folder, { recursive: true, force: true });
};

if (once) {
  await stop();
} else {
  const pem = join(folder, 'key.pem');
  writeFileSync(pem, key.privateKeyPem, { mode: 0o600 });
  console.log(`
It stays up. Send it more from another terminal (Ctrl-C ends it):

  npx smtpeter-webhooks send open --to ${url} --id ${id} --key ${pem} --key-id ${keyId}

Add --fault altered-body to be refused; --fault help lists the faults.`);
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}
