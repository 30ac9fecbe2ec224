import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../cli/process.testing.js';
import { callBoth, root, startExample, startVendorDns } from '../examples/example.testing.js';
import { emptyFolder } from '../packages/packed.js';

const page = readFileSync(join(root, 'docs/quick-start.md'), 'utf8');
const files = new Map(
  [...page.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => [name, code]),
);

describe('the quick start', () => {
  const { folder, remove } = emptyFolder();
  let dns: Awaited<ReturnType<typeof startVendorDns>>;
  beforeAll(async () => {
    dns = await startVendorDns();
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [name, code] of files) writeFileSync(join(folder, name), code);
  });
  afterAll(async () => {
    remove();
    await dns.close();
  });

  it('has no block of code that is no file', () => {
    expect([...files.keys()]).toEqual(['app.js', 'server.js', 'app.test.js']);
    expect(page.match(/^```(?!sh$)\w+$/gm)).toHaveLength(files.size);
  });

  it('has a test that passes, and that fails when the app takes nothing', () => {
    const test = () => execFileSync(process.execPath, ['--test'], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    expect(test()).toMatch(/pass 1\b/);
    const code = files.get('app.js') ?? '';
    writeFileSync(
      join(folder, 'app.js'),
      code.replace('https://example.com', 'https://elsewhere.example').replace('...options', 'keys: options.keys'),
    );
    expect(test).toThrow();
    writeFileSync(join(folder, 'app.js'), code);
  });

  it('has a server that takes a genuine call, refuses a forgery, and serves the file that is placed', async () => {
    const file = join(folder, 'smtpeter-x1y2z.txt');
    writeFileSync(file, 'as the vendor gave it');
    const place = page.match(/ place \S+ (--handler \S+)$/m)?.[1] ?? '';
    expect(page).toContain('mkdir verification');
    mkdirSync(join(folder, 'verification'));
    execFileSync(process.execPath, [bin, 'place', file, ...place.split(' ')], { cwd: folder });
    const running = await startExample({ dns, cwd: folder });
    try {
      expect(await callBoth(running.to), running.output()).toEqual([200, 401]);
      await running.printed(/\S+@\S+ opened \S+/);
      const placed = await fetch(`${running.to}/hooks/smtpeter-x1y2z.txt`);
      expect(await placed.text()).toBe('as the vendor gave it');
    } finally {
      await running.stop();
    }
  });
});
