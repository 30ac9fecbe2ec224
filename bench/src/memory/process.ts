import { setTimeout } from 'node:timers/promises';
import { createReceiver, pinnedKeys, type ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { endpoint, keyId, makeCalls, prepare } from '../calls.js';
import { type ServerSetup, startByName } from '../http/servers.js';
import { neverRepeating } from '../never-repeating.js';

/* A process that is a server, and lets as many more calls through a receiver of ours as it is told, and weighs itself. */

/** What it is told: which server to be, and then how many calls to take besides. */
export type MemoryOrder = ServerSetup | { readonly take: number };

/** Bytes, once the garbage is collected. */
export interface Weight {
  readonly rss: number;
  readonly heap: number;
  /** Of the replay table, which lies outside the heap. */
  readonly table: number;
}

/** How often it weighs itself while it takes calls. */
const WEIGHINGS = 10;

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (order: MemoryOrder) => {
  if ('take' in order) process.send?.(order.take === 0 ? [await weigh(0)] : await takeCalls(order.take));
  else process.send?.({ port: (await startByName(order)).port });
});

async function takeCalls(count: number): Promise<readonly Weight[]> {
  const { key, prepared } = preparedCalls();
  const options: ReceiverOptions = {
    ...endpoint,
    keys: pinnedKeys({ keys: [{ ...key.publicJwk, kid: keyId }] }),
    replay: neverRepeating(count + 1),
    toleranceSeconds: 3600,
    log: false,
    on: { '*': () => {} },
  };
  const receiver = createReceiver(options);
  const before = (await weigh(0)).table;
  const weights: Weight[] = [];
  for (let done = 0; done < count; ) {
    const { request, body } = prepared[done % prepared.length] as (typeof prepared)[number];
    await receiver.handle({ head: request, bodyConsumed: false, checkPath: true, readBody: async () => body });
    done++;
    if (done % Math.ceil(count / WEIGHINGS) === 0 || done === count) weights.push(await weigh(before));
  }
  const { accepted } = receiver.stats();
  if (accepted !== count) throw new Error(`Of ${count} calls ${accepted} were accepted.`);
  return weights;
}

/** RSA with 1,024 bits is verified the fastest, and what is kept of a call is the same. */
function preparedCalls() {
  const { key, calls } = makeCalls(1000, { bits: 1024 });
  return { key, prepared: calls.map(prepare) };
}

async function weigh(outsideBefore: number): Promise<Weight> {
  // What lies outside the heap is given back by another thread, some time after what held it was collected.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed, table: arrayBuffers - outsideBefore };
}
