import { randomBytes } from 'node:crypto';
import { sqliteStore } from '@smtpeter-webhooks/inbox/sqlite';
import { expect, it } from 'vitest';
import { run } from '../cli/process.testing.js';
import { atEnd } from '../vendor.testing.js';
import { databaseFile, newCall } from './inbox.testing.js';

it('names the line that is wrong, says what came in before it, and takes in the rest once it is mended', async () => {
  const from = databaseFile();
  const store = sqliteStore({ file: from });
  atEnd(() => store.close());
  const many = Array.from({ length: 700 }, () =>
    newCall({ eventKey: randomBytes(32).toString('hex'), replayKey: randomBytes(16) }),
  );
  await store.accept(many);
  const lines = (await run(['inbox', 'export', '--inbox', `sqlite:${from}`])).stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(700);
  const inbox = ['--inbox', `sqlite:${databaseFile()}`, '--json'];
  const give = (input: string) => run(['inbox', 'import', ...inbox], { input });

  const torn = await give(lines.join('\n').slice(0, -10));
  expect(torn.code).toBe(3);
  const told = JSON.parse(torn.stdout);
  expect(told).toMatchObject({ ok: false, code: 'ERR_INBOX_IMPORT', line: 700, imported: 500, known: 0 });
  expect(told.message).toContain('Line 700');
  expect(told.hint).toContain('500 events');

  const mixed = ['', ...lines.slice(0, 2), lines[2]?.replace('"attempts":0', '"attempts":"0"')].join('\n');
  expect(JSON.parse((await give(mixed)).stdout)).toMatchObject({ line: 4, imported: 0, known: 0 });

  expect(JSON.parse((await give(`${lines.join('\r\n')}\n\n`)).stdout)).toEqual({ ok: true, imported: 200, known: 500 });
});

it('takes filters where they mean something, and refuses them elsewhere', async () => {
  const inbox = ['--inbox', `sqlite:${databaseFile()}`, '--json'];
  const filters = [
    ['--kind', 'open'],
    ['--recipient', 'a'],
    ['--state', 'dead'],
    ['--older-than', '1d'],
    ['--error', 'no'],
  ];
  const codeOf = async (...args: string[]) => (await run(['inbox', ...args, ...inbox])).code;
  for (const action of ['stats', 'watch', 'import']) expect(await codeOf(action, ...(filters[0] ?? []))).toBe(2);
  for (const action of ['prune', 'park']) expect(await codeOf(action)).toBe(2);
  for (const action of ['list', 'retry', 'park', 'prune', 'export']) {
    expect(await codeOf(action, ...filters.flat())).toBe(0);
  }
});
