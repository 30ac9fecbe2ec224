import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhooks } from '@smtpeter-webhooks/express';
import { type PublicJwkSet, pinnedKeys } from '@smtpeter-webhooks/verify';
import express from 'express';
import { endpoint } from '../calls.js';
import { renewingMemory } from '../verify/ours.js';
import { type KeeperName, openKeeper } from './keepers.js';

/* A process that is an Express server with our receiver, and keeps what it answers 200. */

/** What it is asked, one after the other; each is answered. */
export type KeeperOrder =
  | { readonly do: 'start'; readonly name: KeeperName; readonly jwks: PublicJwkSet; readonly distinct: number }
  | { readonly do: 'renew' | 'usage' | 'end' }
  | { readonly do: 'drain'; readonly count: number };

/** What it answers to `usage`. */
export interface KeeperUsage {
  readonly cpuMs: number;
  readonly accepted: number;
}

let keeper: Awaited<ReturnType<typeof openKeeper>> | undefined;
let accepted = () => 0;

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (order: KeeperOrder) => {
  process.send?.(await answer(order));
});

async function answer(order: KeeperOrder): Promise<object> {
  switch (order.do) {
    case 'start':
      return { port: await start(order) };
    case 'renew':
      await keeper?.renew();
      return {};
    case 'usage': {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, accepted: accepted() } satisfies KeeperUsage;
    }
    case 'drain': {
      const began = performance.now();
      await keeper?.drain?.(order.count);
      return { seconds: (performance.now() - began) / 1000 };
    }
    case 'end':
      await keeper?.end();
      return {};
  }
}

async function start({ name, jwks, distinct }: Extract<KeeperOrder, { do: 'start' }>): Promise<number> {
  keeper = await openKeeper(name);
  const { inbox, handle } = keeper;
  const common = { endpoints: [endpoint], keys: pinnedKeys(jwks), toleranceSeconds: 3600, log: false } as const;
  const middleware = webhooks(
    inbox !== undefined
      ? { ...common, inbox }
      : { ...common, replay: renewingMemory(distinct), on: { '*': handle ?? (() => {}) } },
  );
  accepted = () => middleware.stats().accepted;
  const app = express();
  app.set('trust proxy', 1);
  app.use(middleware);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return (server.address() as AddressInfo).port;
}
