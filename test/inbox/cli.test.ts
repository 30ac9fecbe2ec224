import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { listen } from '../cli/listen.testing.js';
import { run } from '../cli/process.testing.js';
import { call, listening, send } from '../vendor.testing.js';
import { databaseFile, until } from './inbox.testing.js';

const stats = async (inbox: string) => JSON.parse((await run(['inbox', 'stats', '--inbox', inbox, '--json'])).stdout);

it('keeps, answers, delivers until 2xx with the event key and the attempt, then prints the event', async () => {
  const inbox = `sqlite:${databaseFile()}`;
  const seen: { headers: Record<string, unknown>; body: Buffer; target: string | undefined }[] = [];
  const to = await listening(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push({ headers: request.headers, body: Buffer.concat(chunks), target: request.url });
      response.writeHead(seen.length < 3 ? 500 : 204).end();
    }),
  );
  const door = await listen(['--inbox', inbox, '--forward-to', to, '--retry-ms', '5']);
  const genuine = call();
  expect((await send(door.to, genuine)).status).toBe(200);
  expect((await send(door.to, genuine)).status).toBe(200);
  const { event } = (await door.line('event')) as { event: { key: string } };
  expect(seen.map((one) => one.headers['x-webhook-attempt'])).toEqual(['1', '2', '3']);
  for (const one of seen) {
    expect(one.body).toEqual(Buffer.from(genuine.body));
    expect(one.target).toBe(genuine.target);
    expect(one.headers['idempotency-key']).toBe(event.key);
    expect(one.headers['signature']).toBe(new Map(genuine.headers).get('Signature'));
  }
  await until(async () => (await stats(inbox)).handled === 1);
  expect(await stats(inbox)).toEqual({
    ok: true,
    accepted: 1,
    waiting: 0,
    running: 0,
    handled: 1,
    dead: 0,
    duplicates: 1,
  });
  door.child.kill('SIGTERM');
  expect((await door.ended).code).toBe(0);
});

it('handles what waits when it is started again after kill -9', async () => {
  const inbox = `sqlite:${databaseFile()}`;
  let open = false;
  const to = await listening(
    createServer((request, response) => {
      request.resume();
      request.on('end', () => open && response.writeHead(200).end());
    }),
  );
  const first = await listen(['--inbox', inbox, '--forward-to', to]);
  for (let i = 0; i < 15; i++) expect((await send(first.to)).status).toBe(200);
  await until(async () => (await stats(inbox)).running > 0);
  first.child.kill('SIGKILL');
  await first.ended;
  open = true;
  await listen(['--inbox', inbox, '--forward-to', to]);
  await until(async () => (await stats(inbox)).handled === 15);
});

it('lists, shows, parks, retries, moves and deletes events', async () => {
  const inbox = `sqlite:${databaseFile()}`;
  const to = await listening(
    createServer((request, response) => {
      request.resume();
      response.writeHead(500).end();
    }),
  );
  const door = await listen(['--inbox', inbox, '--forward-to', to, '--max-attempts', '1']);
  for (const recipient of ['a@example.com', 'b@example.com', 'a@example.com'])
    await send(door.to, call({ kind: 'click', fields: { recipient } }));
  await until(async () => (await stats(inbox)).dead === 3);
  door.child.kill('SIGTERM');
  await door.ended;
  const json = async (...args: string[]) => {
    const { stdout } = await run(['inbox', ...args, '--inbox', inbox, '--json']);
    return stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  };
  const dead = await json('list', '--state', 'dead', '--error', 'answered 500');
  expect(dead.map((one) => one.recipient)).toEqual(['a@example.com', 'b@example.com', 'a@example.com']);
  const [shown] = await json('show', String(dead[0].id));
  expect(Buffer.from(shown.body, 'base64').toString()).toContain('click');
  expect(await json('retry', '--recipient', 'b@example.com')).toEqual([{ ok: true, retried: 1 }]);
  expect(await json('park', '--state', 'waiting')).toEqual([{ ok: true, parked: 1 }]);

  const exported = (await run(['inbox', 'export', '--inbox', inbox])).stdout;
  const other = `sqlite:${databaseFile()}`;
  const imported = await run(['inbox', 'import', '--inbox', other, '--json'], { input: exported });
  expect(JSON.parse(imported.stdout)).toEqual({ ok: true, imported: 3, known: 0 });
  expect((await run(['inbox', 'export', '--inbox', other])).stdout).toBe(exported);
  expect(JSON.parse((await run(['inbox', 'import', '--inbox', other, '--json'], { input: exported })).stdout)).toEqual({
    ok: true,
    imported: 0,
    known: 3,
  });
  const broken = await run(['inbox', 'import', '--inbox', other, '--json'], { input: '{"version":2}\n' });
  expect(broken.code).toBe(3);
  expect(JSON.parse(broken.stdout)).toMatchObject({ ok: false, code: 'ERR_INBOX_IMPORT' });

  expect((await run(['inbox', 'prune', '--inbox', inbox, '--json'])).code).toBe(2);
  expect(await json('prune', '--recipient', 'A@example.com')).toEqual([{ ok: true, pruned: 2, wiped: true }]);
  expect(await json('list')).toHaveLength(1);
});

it('says at once that an inbox cannot be opened', async () => {
  for (const args of [['inbox', 'stats', '--inbox', 'sqlite:/nowhere/at/all.db', '--json']]) {
    const { code, stdout } = await run(args);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'ERR_INBOX_IO' });
  }
  expect((await run(['inbox', 'stats', '--inbox', 'elsewhere:1', '--json'])).code).toBe(2);
});
