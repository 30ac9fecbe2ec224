import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from './process.testing.js';

const heavy = /node_modules\/(express|jose|@clack|tweetnacl|raw-body|dns-packet|proxy-addr)\//;
const ours = /packages\/(verify|receiver|events|sender|inbox)\//;

/** Runs the command under a loader that writes down every module that is loaded, also by require. */
async function loaded(args: readonly string[]): Promise<{ code: number | null; stdout: string; modules: string[] }> {
  const folder = emptyFolder();
  const list = join(folder, 'modules.txt');
  const loader = join(folder, 'loader.mjs');
  const register = join(folder, 'register.mjs');
  writeFileSync(list, '');
  writeFileSync(
    loader,
    `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(${JSON.stringify(list)}, url + '\\n');
  return next(url, context);
}`,
  );
  writeFileSync(
    register,
    `import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
register(${JSON.stringify(pathToFileURL(loader).href)});
process.on('exit', () => appendFileSync(${JSON.stringify(list)}, Object.keys(Module._cache).join('\\n')));`,
  );
  const { code, stdout } = await run(args, { node: ['--import', pathToFileURL(register).href] });
  return { code, stdout, modules: readFileSync(list, 'utf8').split('\n') };
}

describe('what is loaded', () => {
  it('for --version and help: no framework, no cryptography, no prompt library', async () => {
    for (const args of [['--version'], ['--help'], ['verify', '--help'], ['completion', 'bash']]) {
      const { code, stdout, modules } = await loaded(args);
      expect(code, args.join(' ')).toBe(0);
      expect(stdout.length).toBeGreaterThan(4);
      expect(modules.some((one) => one.includes('commander'))).toBe(true);
      expect(modules.filter((one) => heavy.test(one) || ours.test(one))).toEqual([]);
    }
  });

  it('the trace can see what is loaded when a command runs', async () => {
    const args = ['send', 'open', '--to', 'http://127.0.0.1:9/', '--id', 'x', '--key', '/none', '--key-id', 'x'];
    const { modules } = await loaded(args);
    expect(modules.some((one) => ours.test(one))).toBe(true);
  });
});

describe('the program itself', () => {
  it('--version prints the version alone', async () => {
    const result = await run(['--version']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['listen', 'send'])('%s --help has an example and the exit codes', async (command) => {
    const result = await run([command, '--help']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(`smtpeter-webhooks ${command} `);
    expect(result.stdout).toContain('Exit codes');
  });

  it('a command that does not exist is misuse, and the nearest one is named', async () => {
    const result = await run(['lisen', '--json']);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
    expect(result.stdout).toContain('listen');
  });
});
