import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from './process.testing.js';

const heavy = /node_modules\/(express|jose|@clack|tweetnacl|raw-body|dns-packet|proxy-addr)\//;
const ours = /packages\/(verify|receiver|events|sender|inbox)\//;

interface Loaded {
  readonly code: number | null;
  readonly stdout: string;
  /** Paths of files, and `node:` names of Node's own modules that a start of Node alone does not load. */
  readonly modules: readonly string[];
}

/** Runs the command with a look at every module that it loads, by import or by require. */
async function loaded(args: readonly string[]): Promise<Loaded> {
  const folder = emptyFolder();
  const [list, loader, before] = ['modules.txt', 'loader.mjs', 'before.mjs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
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
    before,
    `import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
register(${JSON.stringify(pathToFileURL(loader).href)});
const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const own = process.moduleLoadList.filter((one) => !before.has(one)).map((one) => one.replace('NativeModule ', 'node:'));
  appendFileSync(${JSON.stringify(list)}, [...Object.keys(Module._cache), ...own].join('\\n'));
});`,
  );
  const { code, stdout } = await run(args, { node: ['--import', pathToFileURL(before).href] });
  return { code, stdout, modules: readFileSync(list, 'utf8').split('\n') };
}

describe('what is loaded', () => {
  it('for --version and help: no framework, no cryptography, no prompt library', async () => {
    for (const args of [['--version'], ['--help'], ['verify', '--help'], ['completion', 'bash']]) {
      const { code, stdout, modules } = await loaded(args);
      expect(code, args.join(' ')).toBe(0);
      expect(stdout.length).toBeGreaterThan(4);
      expect(modules.some((one) => one.includes('/cli/dist/main.cjs'))).toBe(true);
      expect(modules.filter((one) => heavy.test(one) || ours.test(one))).toEqual([]);
      expect(modules.filter((one) => /^node:(crypto|dns|http|https|tls|readline|fs\/promises)/.test(one))).toEqual([]);
    }
  });

  it('for place: a handful of files, since each of them costs', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'smtpeter-x1y2z.txt');
    writeFileSync(file, 'x');
    const { code, modules } = await loaded(['place', file, '--directory', folder]);
    expect(code).toBe(0);
    const files = modules.filter((one) => one.includes('/packages/')).map((one) => basename(one));
    const needed = ['smtpeter-webhooks.cjs', 'main.cjs', 'start.cjs', 'place.cjs', 'rolldown-runtime.cjs'];
    expect([...new Set(files)].sort()).toEqual(needed.sort());
    expect(modules.filter((one) => /^node:(dns|http|https|tls|readline|fs\/promises)/.test(one))).toEqual([]);
  });

  it('the trace can see what is loaded when a command runs', async () => {
    const args = ['send', 'open', '--to', 'http://127.0.0.1:9/', '--id', 'x', '--key', '/none', '--key-id', 'x'];
    const { modules } = await loaded(args);
    expect(modules.some((one) => ours.test(one))).toBe(true);
    expect(modules.some((one) => one === 'node:crypto')).toBe(true);
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

  it('what an option parser refuses names the help of that command', async () => {
    for (const [words, help] of [
      [['verify', '--json'], 'See smtpeter-webhooks verify --help.'],
      [['--json'], 'See smtpeter-webhooks --help.'],
    ] as const) {
      const { code, stdout } = await run(words);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE', hint: help });
    }
    const nearly = await run(['place', '--webrot', 'x', '--json']);
    expect(JSON.parse(nearly.stdout)).toMatchObject({ hint: expect.stringContaining('--webroot') });
  });

  it('a command that does not exist is misuse, and the nearest one is named', async () => {
    const result = await run(['lisen', '--json']);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code: 'ERR_USAGE' });
    expect(result.stdout).toContain('listen');
  });
});
