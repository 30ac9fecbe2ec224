import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { id, key, keyId, listening, url } from '../vendor.testing.js';
import { listen } from './listen.testing.js';
import { emptyFolder, keyFile, run } from './process.testing.js';

const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;
const signer = () => ['--id', id, '--key', keyFile(), '--key-id', keyId];

describe('what send says', () => {
  it('all accepted: exit 0 and one summary', async () => {
    const listener = await listen();
    const args = ['send', 'profile.update', '--to', listener.to, '--as', url, ...signer(), '--count', '20', '--json'];
    const result = await run(args);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(result.stdout)).toMatchObject({
      ok: true,
      sent: 20,
      accepted: 20,
      refused: 0,
      failed: 0,
      statuses: { 200: 20 },
    });
    expect(jsonOf(result.stdout)['latencyMs']).toHaveProperty('p99');
    await listener.line('event', 20);
    const events = listener.lines().filter((one) => one.line === 'event') as unknown as {
      event: { kind: string; key: string };
    }[];
    expect(events).toHaveLength(20);
    expect(new Set(events.map(({ event }) => event.key)).size).toBe(20);
    expect(events[0]?.event.kind).toBe('profile.update');
  });

  it('some refused: exit 1, with a fault and for people', async () => {
    const listener = await listen();
    const args = ['send', 'open', '--to', listener.to, '--as', url, ...signer(), '--fault', 'stale-date'];
    const plain = await run(args);
    expect(plain.code).toBe(1);
    expect(plain.stdout).toMatch(/1 sent.*0 accepted.*1 refused[\s\S]*401 x 1[\s\S]*p50/);
    const json = await run([...args, '--json']);
    expect(json.code).toBe(1);
    expect(jsonOf(json.stdout)).toMatchObject({ ok: false, code: 'ERR_REFUSED', statuses: { 401: 1 } });
  });

  it('not answered: exit 3', async () => {
    const server = createServer();
    const to = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const result = await run(['send', 'open', '--to', to, ...signer(), '--count', '2', '--json']);
    expect(result.code).toBe(3);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_NOT_ANSWERED', failed: 2 });
  });

  it('signs fields that were set, in a form too', async () => {
    const listener = await listen();
    const set = ['--set', 'recipient=someone@example.net', '--set', 'tags[0]=a b', '--encoding', 'form'];
    const result = await run(['send', 'open', '--to', listener.to, '--as', url, ...signer(), ...set]);
    expect(result.code).toBe(0);
    const { event } = (await listener.line('event')) as unknown as { event: Record<string, unknown> };
    expect(event).toMatchObject({ recipient: 'someone@example.net', tags: ['a b'] });
  });
});

describe('misuse of send is exit 2', () => {
  const to = 'http://127.0.0.1:9/';
  it.each([
    [['opened', '--to', to], 'Did you mean open'],
    [['open', '--to', to, '--fault', 'stale'], 'stale-date'],
    [['open', '--to', '/hooks'], '--to'],
    [['open', '--to', 'ftp://example.com'], '--to'],
    [['open', '--to', to, '--as', 'example.com'], '--as'],
    [['open', '--to', to, '--count', '0'], '--count'],
    [['open', '--to', to, '--set', 'novalue'], '--set'],
    [['open', '--to', to, '--encoding', 'xml'], '--encoding'],
    [['open'], '--to'],
    [['--to', to], 'kind'],
  ])('%j', async (args, says) => {
    const result = await run(['send', ...args, ...signer(), '--json']);
    expect(result.code).toBe(2);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
    expect(result.stdout).toContain(says);
  });

  it('a key that cannot be read is exit 3, and one that cannot sign is exit 2; neither shows a key', async () => {
    const args = ['send', 'open', '--to', to, '--id', id, '--key-id', keyId, '--json', '--key'];
    const missing = await run([...args, join(emptyFolder(), 'none.pem')]);
    expect(missing.code).toBe(3);
    expect(jsonOf(missing.stdout)).toMatchObject({ code: 'ERR_KEY_FILE' });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const pem of [ec.toString(), key.publicKeyPem, 'nonsense'.repeat(9)]) {
      const unusable = await run([...args, keyFile(pem)]);
      expect(unusable.code).toBe(2);
      expect(jsonOf(unusable.stdout)).toMatchObject({ code: 'ERR_KEY_INVALID' });
      expect(unusable.stdout).not.toContain(pem.slice(30, 80));
    }
  });
});
