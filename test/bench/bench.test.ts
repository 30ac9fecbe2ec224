import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

/** A copy of the compiled bench beside our packages, where no peer is installed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await cp(join(root, 'bench/dist'), join(folder, 'bench/dist'), { recursive: true });
  await cp(join(root, 'bench/package.json'), join(folder, 'bench/package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bench = (...args: string[]) =>
  run(process.execPath, [join(folder, 'bench/dist/main.js'), ...args], {
    // Where nothing listens: what runs on this machine does not matter here.
    env: { ...process.env, TEST_POSTGRES_URL: 'postgres://postgres@127.0.0.1:1/none' },
  });

it('measures ours and the limit where no peer is installed, and names what is not there', async () => {
  const { stdout } = await bench('verify', '--seconds', '0.05', '--no-install', '--json');
  const { tables } = JSON.parse(stdout);
  expect(tables).toHaveLength(3);
  const [open] = tables;
  expect(open.rows.map((row: { kind: string }) => row.kind).sort()).toEqual(['base', 'limit', 'ours', 'ours', 'peer']);
  for (const { ratio } of open.rows) expect(ratio.median).toBeGreaterThan(0);
  expect(open.missing).toContain('http-signature is not installed');
});

it('measures what an inbox costs where there is no PostgreSQL, and names what is not there', async () => {
  const { stdout } = await bench('inbox', '--seconds', '0.05', '--no-install', '--json');
  const [keeping, handling] = JSON.parse(stdout).tables;
  const names = (table: { rows: { what: string }[] }) => table.rows.map((row) => row.what);
  expect(names(keeping)).toEqual(['no inbox', 'ours, SQLite']);
  expect(names(handling)).toEqual(['ours, SQLite']);
  for (const { ratio } of [...keeping.rows, ...handling.rows]) expect(ratio.median).toBeGreaterThan(0);
  expect(keeping.missing).toContain('pg-boss: no PostgreSQL at TEST_POSTGRES_URL');
});

it('weighs a process that has taken calls, with its replay table', async () => {
  const { stdout } = await bench('memory', '--seconds', '0.05', '--millions', '0.01', '--no-install', '--json');
  const [weights, growth] = JSON.parse(stdout).tables;
  const [, , table] = weights.rows;
  expect(table.what).toMatch(/^the replay table, [1-9]\d*\.\d B a call$/);
  expect(growth.rows.map((row: { ratio: { median: number } }) => row.ratio.median > 0)).toEqual([true, true]);
});

it('says which parts there are', async () => {
  await expect(bench('speed', '--no-install')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no part speed; there are verify\b/),
  });
});
