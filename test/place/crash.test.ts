import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, emptyFolder, run } from '../cli/process.testing.js';

/** `npm run test:crash:place` kills 200 times. */
const kills = Number(process.env['PLACE_KILLS'] ?? 15);
const name = 'smtpeter-crash.txt';
const contents = Buffer.alloc(65_536, 'verification');

/** A run that is killed after so many milliseconds, unless it has ended by then; what is seen is looked at all the while. */
function killedRun(args: readonly string[], afterMs: number, look: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
    const watch = setInterval(look, 1);
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      look();
      resolve(signal === 'SIGKILL');
    });
  });
}

it(`${kills} runs killed at random moments show no file, or the whole one, and leave no litter`, {
  timeout: 600_000,
}, async () => {
  const folder = emptyFolder();
  const root = join(folder, 'html');
  const download = join(folder, name);
  mkdirSync(root);
  writeFileSync(download, contents);
  const path = join(root, 'a', 'b', name);
  const args = ['place', download, '--webroot', root, '--url', 'https://example.com/a/b/x.php'];
  const started = performance.now();
  await run(args);
  const wholeMs = performance.now() - started;
  let killed = 0;
  let whole = 0;
  for (let i = 0; i < kills; i++) {
    rmSync(path, { force: true });
    // Half of them around the end, where the writing is.
    const part = i % 2 === 0 ? Math.random() : 0.7 + 0.5 * Math.random();
    let seen: Buffer | undefined;
    const look = () => {
      try {
        seen = readFileSync(path);
      } catch {
        return;
      }
      expect(seen.equals(contents)).toBe(true);
    };
    if (await killedRun(args, part * wholeMs, look)) killed++;
    if (seen !== undefined) whole++;
  }
  expect(killed + whole).toBeGreaterThanOrEqual(kills);
  // The next run clears up what the dead have left.
  rmSync(path, { force: true });
  expect((await run(args)).code).toBe(0);
  expect(readdirSync(join(root, 'a', 'b'))).toEqual([name]);
});
