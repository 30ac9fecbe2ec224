import type { Usage } from './processes.js';
import { type ServerSetup, startByName } from './servers.js';

/* A process that is one server. It is told which, answers with its port, and tells its usage when it is asked. */

let stats: () => { received: number; accepted: number } = () => ({ received: 0, accepted: 0 });

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (message: ServerSetup | 'usage') => {
  if (message === 'usage') {
    // The collection is for the memory's figure: its time belongs to no call.
    const { user, system } = process.cpuUsage();
    globalThis.gc?.();
    const collected = process.cpuUsage();
    const { received, accepted } = stats();
    const usage: Usage = {
      cpuMs: (user + system) / 1000,
      cpuFromMs: (collected.user + collected.system) / 1000,
      rssMiB: process.memoryUsage.rss() / 2 ** 20,
      received,
      accepted,
    };
    process.send?.(usage);
    return;
  }
  const started = await startByName(message);
  stats = started.stats ?? stats;
  process.send?.({ port: started.port });
});
