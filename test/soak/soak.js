/**
 * A long run: `npm run soak -- --minutes 60 [--rate 40] [--warmup 10]`. Genuine calls of every kind, 1 % forgeries, a
 * key rotation a minute, DNS faults, failing and late handlers, repeats, clients that hang up in the middle; every call
 * that is not answered 200 is sent again. It ends with status 1 when an event was lost, handled twice or forged, when
 * the memory that is alive after a collection grows by more than 4 MiB an hour after the warm-up (median slope of
 * Theil and Sen), or when resources pile up.
 */
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createTestKey,
  eventKinds,
  faultNames,
  sampleEvent,
  sendRequest,
  signRequest,
  startKeyServer,
} from '@smtpeter-webhooks/sender';
import { Accounts, median, slopePerHour } from './accounts.js';

const MAX_GROWTH = 4 * 1024 * 1024;
/** Below so many samples, one in ten seconds, a slope says nothing. */
const MIN_SAMPLES = 60;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '40' },
    warmup: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
const warmupMs = Number(values.warmup ?? Math.min(15, minutes / 3)) * 60_000;

const id = 'environment-1234';
const url = 'https://example.com/hooks/smtpeter';
const keyIds = ['one._domainkey.copernica.com', 'two._domainkey.copernica.com'];
const makeKey = () => createTestKey({ bits: 2048 });
const keys = new Map(keyIds.map((keyId) => [keyId, makeKey()]));
const dns = await startKeyServer({
  records: Object.fromEntries(keyIds.map((keyId) => [keyId, keys.get(keyId).dkimRecord])),
});

const child = fork(
  fileURLToPath(new URL('./receiver-process.js', import.meta.url)),
  [JSON.stringify({ id, url, dns: dns.server })],
  { execArgv: ['--expose-gc'] },
);
const accounts = new Accounts();
const samples = [];
let gone = false;
const port = await new Promise((resolve) => {
  child.on('message', (message) => {
    if (message.listening !== undefined) resolve(message.listening);
    if (message.handled !== undefined) accounts.takeHandled(message.handled);
    if (message.sample !== undefined) samples.push({ at: performance.now() - startedAt, ...message.sample });
  });
});
child.on('exit', (code) => {
  gone = true;
  if (!closing) {
    console.error(`the receiver ended by itself, with ${code}`);
    process.exit(1);
  }
});

const startedAt = performance.now();
const to = `http://127.0.0.1:${port}`;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
let closing = false;
let last = 0;
let underway = 0;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function make(number, fault) {
  const keyId = keyIds[Math.abs(number) % 2];
  const kind = eventKinds[Math.abs(number) % eventKinds.length];
  const event = { ...sampleEvent(kind, {}, { number: Math.abs(number) }), seq: number };
  const encoding = number % 3 === 0 ? 'form' : 'json';
  return signRequest({ url, id, keyId, key: keys.get(keyId), event, encoding, ...(fault && { fault }) });
}

/** As an honest sender does it: again and again until it is answered 200. A call that has become old is signed anew. */
async function deliver(number) {
  underway++;
  let call = make(number);
  let signedAt = performance.now();
  for (let attempt = 1; !closing || attempt < 100; attempt++) {
    accounts.attempts++;
    if (attempt === 1 && number % 307 === 0) await hangUp(call);
    const status = await sendRequest(call, { to, agent: number % 7 === 0 ? undefined : agent }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) {
      accounts.accepted.add(number);
      accounts.tries.set(attempt, (accounts.tries.get(attempt) ?? 0) + 1);
      if (number % 53 === 0) await sendRequest(call, { to, agent }).catch(() => {});
      break;
    }
    await pause(Math.min(250 * attempt, 3000));
    // A key that was rotated away between signing and arrival is refused for good: so is a real vendor's call, and signed anew.
    if (status === 401 || performance.now() - signedAt > 240_000) {
      accounts.signedAnew.add(number);
      call = make(number);
      signedAt = performance.now();
    }
  }
  underway--;
}

async function forge(number) {
  const fault = faultNames[number % faultNames.length];
  const { status } = await sendRequest(make(-number, fault), { to, agent }).catch(() => ({ status: 0 }));
  if (status >= 200 && status < 300) accounts.forgeriesAccepted++;
  else accounts.forgeriesRefused++;
}

/** Sends the head and half of the body, and is gone. */
function hangUp(call) {
  return new Promise((resolve) => {
    const request = http.request({
      port,
      host: '127.0.0.1',
      method: call.method,
      path: call.target,
      headers: [...call.headers, ['X-Forwarded-Proto', 'https']].flat(),
      setHost: false,
    });
    request.on('error', () => {});
    request.on('close', () => resolve());
    request.write(Buffer.from(call.body).subarray(0, call.body.length >> 1), () =>
      setTimeout(() => request.destroy(), 20),
    );
  });
}

const endsAt = startedAt + minutes * 60_000;
const sampler = setInterval(() => gone || child.send('sample'), 10_000);
let rotations = 0;
const rotation = setInterval(() => {
  const keyId = keyIds[++rotations % 2];
  keys.set(keyId, makeKey());
  dns.set(keyId, keys.get(keyId).dkimRecord);
}, 60_000);
const troubles = ['SERVFAIL', 'silence', 'garbage', 'REFUSED', 'wrong-id'];
let trouble = 0;
const weather = setInterval(() => {
  const behaviour = troubles[trouble++ % troubles.length];
  for (const keyId of keyIds) dns.set(keyId, { behaviour });
  setTimeout(() => {
    for (const keyId of keyIds) dns.set(keyId, keys.get(keyId).dkimRecord);
  }, 8000);
}, 97_000);

while (performance.now() < endsAt) {
  void deliver(++last);
  if (last % 100 === 0) void forge(last);
  await pause(1000 / rate);
}
clearInterval(rotation);
clearInterval(weather);
while (underway > 0) await pause(100);
closing = true;
child.send('sample');
await pause(1000);
clearInterval(sampler);
child.send('close');
await new Promise((resolve) => child.once('exit', resolve));
agent.destroy();
await dns.close();

const late = samples.filter((one) => one.at >= warmupMs);
const growth = slopePerHour(late.map(({ at, alive }) => ({ at, value: alive })));
const rssGrowth = slopePerHour(late.map(({ at, rss }) => ({ at, value: rss })));
const faults = accounts.faults(last);
const resources = late.map((one) => one.resources);
const half = resources.length >> 1;
const piling = median(resources.slice(half)) - median(resources.slice(0, half));
const mib = (bytes) => Math.round((bytes / 1024 / 1024) * 100) / 100;
const report = {
  minutes,
  rate,
  events: last,
  attempts: accounts.attempts,
  signedAnew: accounts.signedAnew.size,
  handledAgainSignedAnew: [...accounts.signedAnew].filter((number) => accounts.handled.get(number) > 1).length,
  acceptedAtTry: Object.fromEntries([...accounts.tries].sort(([a], [b]) => a - b)),
  forgeriesRefused: accounts.forgeriesRefused,
  rotations,
  dnsTroubles: trouble,
  faults,
  memory: {
    warmupMinutes: warmupMs / 60_000,
    samples: late.length,
    aliveMiBPerHour: mib(growth),
    rssMiBPerHour: mib(rssGrowth),
    aliveMiBMedian: mib(median(late.map((one) => one.alive))),
    rssMiBMax: mib(Math.max(...late.map((one) => one.rss))),
  },
  eventLoopDelayP99Ms: {
    median: median(late.map((one) => one.delayP99Ms)),
    worstOfTenSeconds: Math.max(...late.map((one) => one.delayP99Ms)),
  },
  resources: { median: median(resources), max: Math.max(...resources), secondHalfMinusFirst: piling },
  stats: samples.at(-1)?.stats,
};
console.log(JSON.stringify(report, null, 2));
const bad =
  Object.values(faults).some((count) => count > 0) ||
  (late.length >= MIN_SAMPLES && !(growth < MAX_GROWTH)) ||
  piling > 10;
if (bad) console.error('NOT as it must be: see faults, memory and resources above');
process.exitCode = bad ? 1 : 0;
