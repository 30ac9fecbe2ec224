import type { Usage } from './processes.js';
import { type ServerSetup, startByName } from './servers.js';

/* A process that is one server. It is told which, answers with its port, and tells its usage when it is asked. */

let stats: () => { received: number; accepted: number } = () => ({ received: 0, accepted: 0 });

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (message: ServerSetup | 'usage' | 'memory') => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    const { received, accepted } = stats();
    process.send?.({ cpuMs: (user + system) / 1000, received, accepted } satisfies Usage);
    return;
  }
  if (message === 'memory') {
    globalThis.gc?.();
    process.send?.({ rssMiB: process.memoryUsage.rss() / 2 ** 20 });
    return;
  }
  const started = await startByName(message);
  stats = started.stats ?? stats;
  process.send?.({ port: started.port });
});
