import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startKeyServer } from '@smtpeter-webhooks/sender';
import { expect, it } from 'vitest';
import { atEnd, call, id, key, keyId, send, url } from '../vendor.testing.js';
import { leavesNothingBehind } from './handles.testing.js';

leavesNothingBehind();

const script = fileURLToPath(new URL('permission-process.mjs', import.meta.url));
/** Node 20 and 22 have it under another name. */
const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
/** Where the network is guarded too, a receiver must be let to it. */
const net = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : [];

it('receives under the permission model: reads its own files, writes none, starts no process and no thread', async () => {
  const dns = await startKeyServer({ records: { [keyId]: key.dkimRecord } });
  atEnd(() => dns.close());
  const settings = JSON.stringify({ id, url, dns: dns.server });
  const child = spawn(process.execPath, [flag, '--allow-fs-read=*', ...net, script, settings], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // What the tests' runner wants of every process is not ours to ask for.
    env: { ...process.env, NODE_OPTIONS: '' },
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
  for (const port of ports) {
    const to = `http://127.0.0.1:${port}`;
    const genuine = call();
    expect((await send(to, genuine)).status).toBe(200);
    expect(await told()).toHaveProperty('handled');
    expect((await send(to, call({ fault: 'foreign-key' }))).status).toBeGreaterThanOrEqual(401);
    expect((await send(to, genuine)).status).toBe(200);
  }
  expect(errors).not.toContain('ERR_ACCESS_DENIED');
});
