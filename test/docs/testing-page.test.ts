import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { atEnd } from '../vendor.testing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/testing-your-handlers.md'), 'utf8');
const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');

/** Runs a block of the page as a test file of its own, as JavaScript, which it is. */
function run(runner: string, command: (file: string, folder: string) => readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-docs-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const code = blocks.find((block) => block.includes(`from '${runner}'`)) ?? '';
  mkdirSync(join(folder, 'tests'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const file = join(folder, 'tests', 'page.test.js');
  writeFileSync(file, code);
  const { VITEST: _, NODE_OPTIONS: __, NODE_TEST_CONTEXT: ___, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, command(file, folder), { cwd: folder, env });
  return { status, text: `${stdout}${stderr}` };
}

it('the test for vitest passes under vitest', { timeout: 120_000 }, () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status, text } = run('vitest', (_, folder) => [vitest, 'run', '--root', folder, '--reporter=verbose']);
  expect(text).toContain('hands opens over');
  expect(status, text).toBe(0);
});

it('the test for node:test passes under node --test', { timeout: 120_000 }, () => {
  const { status, text } = run('node:test', (file) => ['--test', file]);
  expect(text).toMatch(/pass 1/);
  expect(status, text).toBe(0);
});
