/**
 * The process under test in a long run: a server of its own with keys from DNS. It tells its parent which sequence
 * numbers its handler has taken, and how it is.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { dnsKeys } from '@smtpeter-webhooks/receiver';
import { createWebhookServer } from '@smtpeter-webhooks/receiver/node';

const { id, url, dns } = JSON.parse(process.argv[2] ?? '{}');

/** What the handler does with a sequence number the first time; from the second time on it always succeeds. */
const moods = [
  { every: 101, mood: 'throws' },
  { every: 211, mood: 'rejects' },
  { every: 499, mood: 'late' },
];
const seen = new Set();
let handled = [];

const server = createWebhookServer({
  id,
  url,
  trustProxy: 'loopback',
  handlerTimeoutMs: 1000,
  keys: dnsKeys({ servers: [dns], cacheSeconds: 20, refreshIntervalSeconds: 1, timeoutMs: 1000 }),
  log: { debug() {}, info() {}, warn: () => lines++, error: () => lines++ },
  on: {
    '*': async (event) => {
      const seq = Number(event.raw?.['seq']);
      const mood = moods.find(({ every }) => seq % every === 0)?.mood;
      if (mood !== undefined && !seen.has(seq)) {
        seen.add(seq);
        if (mood === 'throws') throw new Error('the handler throws');
        if (mood === 'rejects') await Promise.reject(new Error('the handler rejects'));
        await new Promise((resolve) => setTimeout(resolve, 1500));
      } else {
        seen.delete(seq);
      }
      handled.push(seq);
    },
  },
});
let lines = 0;

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const { port } = await server.listen();
process.send?.({ listening: port });

const tell = () => {
  process.send?.({ handled });
  handled = [];
};
const timer = setInterval(tell, 200);

process.on('message', async (message) => {
  if (message === 'sample') {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({
      sample: {
        rss,
        // What is alive after a collection, in and beside the heap.
        alive: heapUsed + external,
        delayP99Ms: delay.percentile(99) / 1e6,
        delayMaxMs: delay.max / 1e6,
        resources: process.getActiveResourcesInfo().length,
        lines,
        stats: server.stats(),
      },
    });
    delay.reset();
  } else {
    await server.close();
    clearInterval(timer);
    tell();
    process.disconnect();
  }
});
