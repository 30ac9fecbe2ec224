import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestKey, eventKinds, faultNames } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { id, key, keyId, url } from '../vendor.testing.js';
import { listen } from './listen.testing.js';
import { emptyFolder, keyFile, keyServer, run, start } from './process.testing.js';

const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;
const signer = () => ['--id', id, '--key', keyFile(), '--key-id', keyId, '--json'];

describe('send, completed', () => {
  it('any bytes as the body, rightly signed; header lines beside', async () => {
    const listener = await listen();
    const body = Buffer.from([0, 0xff, 0x0d, 0x0a, 0x80]);
    const file = join(emptyFolder(), 'body');
    writeFileSync(file, body);
    const to = ['--to', listener.to, '--as', url];
    const headers = ['--header', 'Content-Type: application/octet-stream', '--header', 'X-Extra: yes'];
    expect(await run(['send', '--body', file, ...to, ...headers, ...signer()])).toMatchObject({ code: 0 });
    expect(
      await run(['send', '--body', '-', ...to, ...signer()], { input: '{"type":"open","id":"from stdin"}' }),
    ).toMatchObject({ code: 0 });
    await listener.line('event', 2);
    const [first, second] = listener
      .lines()
      .filter((one) => one.line === 'event')
      .map((one) => one['event'] as Record<string, unknown>);
    expect(JSON.stringify(first)).toContain(body.toString('base64'));
    expect(second).toMatchObject({ kind: 'open', id: 'from stdin' });
  });

  it('a scenario: events with delays, in their order, and --repeat: the same call again', async () => {
    const listener = await listen();
    const scenario = [
      { kind: 'delivery', count: 3, everyMs: 10 },
      { kind: 'open', delayMs: 300, set: { recipient: 'someone@example.net' }, encoding: 'form' },
      { kind: 'click', delayMs: 100, fault: 'altered-body' },
    ];
    const file = join(emptyFolder(), 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario));
    const startedAt = performance.now();
    const result = await run([
      'send',
      '--scenario',
      file,
      '--repeat',
      '2',
      '--to',
      listener.to,
      '--as',
      url,
      ...signer(),
    ]);
    expect(performance.now() - startedAt).toBeGreaterThan(420);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, sent: 10, accepted: 8, refused: 2 });
    await listener.line('duplicate', 4);
    await listener.line('event', 4);
    const lines = listener.lines().map((one) => (one['event'] as { kind: string } | undefined)?.kind ?? one.line);
    expect(lines.filter((one) => one === 'duplicate')).toHaveLength(4);
    expect(lines.filter((one) => one !== 'duplicate' && one !== 'ready' && one !== 'rejected')).toEqual([
      'delivery',
      'delivery',
      'delivery',
      'open',
    ]);
  });

  it('every kind', async () => {
    const listener = await listen();
    const file = join(emptyFolder(), 'scenario.json');
    writeFileSync(file, JSON.stringify(eventKinds.map((kind) => ({ kind }))));
    const result = await run([
      'send',
      '--scenario',
      file,
      '--concurrency',
      '1',
      '--to',
      listener.to,
      '--as',
      url,
      ...signer(),
    ]);
    expect(result.code).toBe(0);
    await listener.line('event', eventKinds.length);
    const kinds = listener
      .lines()
      .flatMap((one) => (one.line === 'event' ? [(one['event'] as { kind: string }).kind] : []));
    expect(kinds).toEqual([...eventKinds]);
  });

  it('--fault list needs nothing else', async () => {
    const plain = await run(['send', '--fault', 'list']);
    expect(plain.code).toBe(0);
    for (const name of faultNames) expect(plain.stdout).toContain(name);
    const json = jsonOf((await run(['send', '--fault', 'list', '--json'])).stdout);
    expect((json['faults'] as { name: string }[]).map(({ name }) => name)).toEqual([...faultNames]);
  });

  it.each([
    [['--scenario', '-'], 'not json'],
    [['--scenario', '-'], '[]'],
    [['--scenario', '-'], '[{"kind":"opened"}]'],
    [['--scenario', '-'], '[{"kind":"open","delay":1}]'],
    [['--scenario', '-'], '[{"kind":"open","count":0}]'],
    [['--body', '-', '--set', 'a=b'], ''],
    [['open', '--body', '-'], ''],
    [['open', '--header', 'no colon'], ''],
  ])('misuse: %j with %s', async (args, input) => {
    const result = await run(['send', ...args, '--to', 'http://127.0.0.1:9/', ...signer()], { input });
    expect(result).toMatchObject({ code: 2 });
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
  });
});

describe('keygen, dns and key', () => {
  it('make a key, publish it, find it, and verify with it', async () => {
    const folder = emptyFolder();
    const made = await run(['keygen', 'key.pem', '--name', keyId, '--json'], { cwd: folder });
    expect(made.code).toBe(0);
    const { dkimRecord, thumbprint } = jsonOf(made.stdout);
    const file = join(folder, 'key.pem');
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);

    const server = start(['dns', '--key', file, '--name', keyId, '--port', '0', '--json']);
    const { server: address } = await server.line('ready');
    const shown = await run(['key', keyId, '--dns', String(address), '--json']);
    expect(shown.code).toBe(0);
    expect(jsonOf(shown.stdout)).toMatchObject({
      ok: true,
      name: keyId,
      records: [{ kind: 'key', type: 'rsa', bits: 2048, thumbprint, ttl: 300, text: dkimRecord, problems: [] }],
    });
    await expect(server.line('query')).resolves.toMatchObject({ name: keyId, type: 'TXT' });
    server.child.kill('SIGTERM');
    await expect(server.ended).resolves.toMatchObject({ code: 0 });
  });

  it('a key is never written over another file', async () => {
    const file = keyFile();
    const before = readFileSync(file, 'utf8');
    const result = await run(['keygen', file, '--json', '--type', 'ed25519']);
    expect(result.code).toBe(1);
    expect(jsonOf(result.stdout)).toMatchObject({ ok: false, code: 'ERR_EXISTS' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(await run(['keygen', join(emptyFolder(), 'no', 'key.pem')])).toMatchObject({ code: 3 });
  });

  it('key says what is wrong with a record', async () => {
    const small = createTestKey({ bits: 1024 });
    const dns = await keyServer([small.dkimRecord.replace('k=', 't=y; n=note; k=')]);
    const look = async (...args: string[]) => {
      const result = await run(['key', keyId, '--dns', dns.server, '--json', ...args]);
      return { exitCode: result.code, ...jsonOf(result.stdout) } as Record<string, unknown>;
    };
    const weak = await look();
    expect(weak).toMatchObject({ exitCode: 0, records: [{ bits: 1024, tags: { t: 'y', n: 'note' } }] });
    expect(JSON.stringify(weak)).toContain('too few');
    dns.set(keyId, ['v=DKIM1; k=rsa; p=']);
    expect(await look()).toMatchObject({ exitCode: 1, code: 'ERR_KEY_REVOKED' });
    dns.set(keyId, ['v=DKIM1; k=rsa; p=nonsense', 'v=spf1 -all']);
    expect(await look()).toMatchObject({
      exitCode: 1,
      code: 'ERR_KEY_UNUSABLE',
      records: [{ kind: 'unusable' }, { kind: 'other' }],
    });
    dns.set(keyId, { behaviour: 'NXDOMAIN' });
    expect(await look()).toMatchObject({ exitCode: 1, code: 'ERR_KEY_NOT_FOUND' });
    dns.set(keyId, { behaviour: 'SERVFAIL' });
    expect(await look()).toMatchObject({ exitCode: 3, code: 'ERR_KEY_LOOKUP_FAILED' });
  });

  it('a large key comes over TCP', async () => {
    const large = createTestKey({ bits: 4096 });
    const dns = await keyServer([large.dkimRecord]);
    const result = await run(['key', keyId, '--dns', dns.server]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('rsa, 4096 bits');
  });

  it('key --watch prints a line whenever it changes', async () => {
    const dns = await keyServer();
    const watching = start(['key', keyId, '--dns', dns.server, '--watch', '--every', '0.05', '--json']);
    await expect(watching.line('key')).resolves.toMatchObject({ ok: true });
    dns.set(keyId, [createTestKey().dkimRecord]);
    await expect(watching.line('changed')).resolves.toMatchObject({ ok: true });
    dns.remove(keyId);
    await expect(watching.line('changed', 2)).resolves.toMatchObject({ ok: false, code: 'ERR_KEY_NOT_FOUND' });
    watching.child.kill('SIGTERM');
    await expect(watching.ended).resolves.toMatchObject({ code: 0 });
    expect(watching.lines()).toHaveLength(3);
  });

  it('what a record says is cleaned before it reaches a terminal', async () => {
    const dns = await keyServer([`v=DKIM1; n=\u001b[31mred; k=rsa; p=${key.dkimRecord.split('p=')[1]}`]);
    const result = await run(['key', keyId, '--dns', dns.server]);
    expect(result.stdout).toContain('[31mred');
    expect(result.stdout).not.toContain('\u001b');
  });
});

describe('completion', () => {
  const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

  it('for bash completes commands, options and their values', async () => {
    const { stdout, code } = await run(['completion', 'bash']);
    expect(code).toBe(0);
    const complete = (...words: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(smtpeter-webhooks ${words.join(' ')})\nCOMP_CWORD=${words.length}\n_smtpeter_webhooks\necho "\${COMPREPLY[*]}"`;
      return execFileSync('bash', ['-c', script]).toString().trim().split(/\s+/);
    };
    expect(complete('ver')).toEqual(['verify']);
    expect(complete('listen', '--trust')).toEqual(['--trust-proxy']);
    expect(complete('listen', '--signed-url', 'c')).toEqual(['configured']);
  });

  it.each(['zsh', 'fish', 'powershell'])('for %s names every command and option', async (shell) => {
    const { stdout, code } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['listen', 'verify', 'trust-proxy', 'signed-url', 'configured']) {
      expect(stdout).toContain(shell === 'powershell' && word === 'configured' ? '' : word);
    }
    if (has(shell)) expect(spawnSync(shell, ['-n'], { input: stdout }).status).toBe(0);
  });

  it('for another shell is misuse', async () => {
    expect(await run(['completion', 'tcsh', '--json'])).toMatchObject({ code: 2 });
  });
});
