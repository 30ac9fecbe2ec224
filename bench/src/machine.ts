import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { peerVersion } from './peers.js';

const peers = [
  '@hono/node-server',
  '@misskey-dev/node-http-message-signatures',
  '@peertube/http-signature',
  'activitypub-http-signatures',
  'commander',
  'fast-querystring',
  'fastify',
  'hono',
  'http-message-signatures',
  'http-signature',
  'lru-cache',
  'pg-boss',
  'qs',
  'smee-client',
];

/** What it was measured on, and with what. */
export function describeMachine(): readonly string[] {
  const cores = cpus();
  const versions = peers
    .map((name) => [name, peerVersion(name)])
    .filter(([, version]) => version !== undefined)
    .map(([name, version]) => `${name} ${version}`);
  return [
    `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
    `${cores.length} × ${cores[0]?.model.trim() ?? 'a processor without a name'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release()}`,
    `load at the start ${loadavg()[0]?.toFixed(1)}`,
    ...(versions.length > 0 ? [`peers: ${versions.join(', ')}`] : []),
  ];
}
