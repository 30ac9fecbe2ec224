import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startKeyServer } from '@smtpeter-webhooks/sender';
import { expect } from 'vitest';
import { atEnd, call, id, key, keyId, send, url } from '../vendor.testing.js';

const script = fileURLToPath(new URL('permission-process.mjs', import.meta.url));
// What the tests' runner wants of every process is not ours to ask for.
const env = { ...process.env, NODE_OPTIONS: '' };

/** Receives by a Node of one's choice under its permission model: genuine calls, a forgery and a repeat by every door. */
export async function receivesUnderPermissions(node: string): Promise<void> {
  const flags = execFileSync(node, ['-p', '[...process.allowedNodeEnvironmentFlags].join()'], { encoding: 'utf8', env })
    .trim()
    .split(',');
  // Node 20 has it under another name; and where the network is guarded too, a receiver must be let to it.
  const flag = flags.includes('--permission') ? '--permission' : '--experimental-permission';
  const net = flags.includes('--allow-net') ? ['--allow-net'] : [];
  const dns = await startKeyServer({ records: { [keyId]: key.dkimRecord } });
  atEnd(() => dns.close());
  const settings = JSON.stringify({ id, url, dns: dns.server });
  const child = spawn(node, [flag, '--allow-fs-read=*', ...net, script, settings], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  });
  atEnd(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const told = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`it ended: ${errors}`);
    return JSON.parse(value);
  };
  const { ports, may } = await told();
  expect(may).toEqual({ 'fs.read': true, 'fs.write': false, child: false, worker: false });
  expect(ports).toHaveLength(2);
  for (const port of ports) {
    const to = `http://127.0.0.1:${port}`;
    const genuine = call();
    expect((await send(to, genuine)).status).toBe(200);
    expect(await told()).toHaveProperty('handled');
    expect((await send(to, call({ fault: 'foreign-key' }))).status).toBeGreaterThanOrEqual(401);
    expect((await send(to, genuine)).status).toBe(200);
  }
  expect(errors).not.toContain('ERR_ACCESS_DENIED');
}
