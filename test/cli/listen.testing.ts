import { id, url } from '../vendor.testing.js';
import { keyServer, type Running, type RunOptions, start } from './process.testing.js';

/** A receiver that is ready. */
export interface Listening extends Running {
  /** Where to connect. */
  readonly to: string;
  readonly port: number;
}

/** Starts `listen --json` on a free port, with a key server of its own, trusting proxies on loopback. */
export async function listen(more: readonly string[] = [], options: RunOptions = {}): Promise<Listening> {
  const dns = await keyServer();
  const addressed = more.includes('--url') ? [] : ['--id', id, '--url', url];
  const trust = more.includes('--trust-proxy') ? [] : ['--trust-proxy', 'loopback'];
  const running = start(
    ['listen', '--json', '--port', '0', '--dns', dns.server, ...addressed, ...trust, ...more],
    options,
  );
  const { port } = await running.line('ready');
  return { ...running, port: Number(port), to: `http://127.0.0.1:${port}` };
}
