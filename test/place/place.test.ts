import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from '../cli/process.testing.js';

const contents = 'verification of 1234\r\n';
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const name = 'smtpeter-x1.txt';

/** A download, and a web root beside it. */
function site(file = name, text: string | Buffer = contents) {
  const folder = emptyFolder();
  const download = join(folder, file);
  const root = join(folder, 'html');
  mkdirSync(root);
  writeFileSync(download, text, { mode: 0o600 });
  return { folder, download, root };
}

async function json(command: string, args: readonly string[]) {
  const { code, stdout, stderr } = await run([command, '--json', ...args]);
  expect(stderr).toBe('');
  expect(stdout.endsWith('\n')).toBe(true);
  return { exit: code, ...JSON.parse(stdout) };
}
const place = (...args: string[]) => json('place', args);
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);
const url = 'https://example.com:8443/dir/sub%20dir/script.php?x=1#y';

describe('place', () => {
  it('puts the file below the web root, byte for byte, and says all about it', async () => {
    const { download, root } = site();
    const result = await place(download, '--webroot', root, '--url', url);
    const path = join(root, 'dir', 'sub dir', name);
    expect(result).toEqual({
      exit: 0,
      ok: true,
      action: 'created',
      path,
      url: `https://example.com:8443/dir/sub%20dir/${name}`,
      rule: { id: 'webroot', why: expect.any(String) },
      bytes: contents.length,
      sha256: sha256(contents),
      directoriesCreated: [join(root, 'dir'), join(root, 'dir', 'sub dir')],
      warnings: [],
      next: [expect.stringContaining('check'), expect.stringContaining('dashboard')],
    });
    expect(readFileSync(path, 'utf8')).toBe(contents);
    expect([mode(path), mode(join(root, 'dir'))]).toEqual(['644', '755']);
    expect(readdirSync(join(root, 'dir', 'sub dir'))).toEqual([name]);
  });

  it('modes do not depend on the umask', async () => {
    const { download, root } = site();
    const bin = new URL('../../packages/cli/bin/smtpeter-webhooks.cjs', import.meta.url).pathname;
    execFileSync('sh', [
      '-c',
      'umask 077; exec "$@"',
      'sh',
      process.execPath,
      bin,
      'place',
      download,
      '--webroot',
      root,
      '--url',
      url,
    ]);
    expect([mode(join(root, 'dir', 'sub dir', name)), mode(join(root, 'dir'))]).toEqual(['644', '755']);
  });

  it('again: already in place; other content: refused with both digests, or replaced by force', async () => {
    const { download, root } = site();
    await place(download, '--directory', root);
    expect(await place(download, '--directory', root)).toMatchObject({ exit: 0, action: 'unchanged' });
    writeFileSync(download, 'other');
    const conflict = await place(download, '--directory', root);
    expect(conflict).toMatchObject({ exit: 1, ok: false, sha256: sha256('other'), existingSha256: sha256(contents) });
    expect(conflict.message).toEqual(expect.any(String));
    expect(readFileSync(join(root, name), 'utf8')).toBe(contents);
    expect(await place(download, '--directory', root, '--force', '--dry-run')).toMatchObject({
      exit: 0,
      action: 'would-replace',
    });
    expect(readFileSync(join(root, name), 'utf8')).toBe(contents);
    expect(await place(download, '--directory', root, '--force')).toMatchObject({ exit: 0, action: 'replaced' });
    expect(readFileSync(join(root, name), 'utf8')).toBe('other');
    expect(readdirSync(root)).toEqual([name]);
  });

  it('a file that nobody could read is opened, and that is said', async () => {
    const { download, root } = site();
    await place(download, '--directory', root);
    chmodSync(join(root, name), 0o600);
    const result = await place(download, '--directory', root);
    expect(result).toMatchObject({ exit: 0, action: 'unchanged' });
    expect(result.warnings.join()).toContain('0600');
    expect(mode(join(root, name))).toBe('644');
  });

  it('--dry-run makes nothing', async () => {
    const { download, root } = site();
    const result = await place(download, '--webroot', root, '--url', url, '--dry-run');
    expect(result).toMatchObject({
      exit: 0,
      action: 'would-create',
      directoriesCreated: [join(root, 'dir'), join(root, 'dir', 'sub dir')],
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it('--root is the web root itself', async () => {
    const { download, root } = site();
    expect(await place(download, '--webroot', root, '--root', '--url', url)).toMatchObject({
      path: join(root, name),
      url: `https://example.com:8443/${name}`,
      rule: { id: 'root' },
    });
    expect(await place(download, '--webroot', root, '--root')).toMatchObject({ action: 'unchanged', url: null });
  });

  it.each(['smtpeter-x1 (1).txt', 'smtpeter-x1.txt.txt', 'smtpeter-x1 - Copy.txt'])(
    '%s is placed under its real name',
    async (copy) => {
      const { download, root } = site(copy);
      const result = await place(download, '--directory', root);
      expect(result).toMatchObject({ exit: 0, path: join(root, name) });
      expect(result.warnings.join()).toContain('copy');
    },
  );

  it('another name needs --name, which is kept in bounds', async () => {
    const { download, root } = site('verify.txt');
    expect(await place(download, '--directory', root)).toMatchObject({ exit: 1, ok: false });
    for (const bad of ['x', '../x.txt', 'a/b.txt', '.x.txt', 'a\\b.txt', '.txt']) {
      expect(await place(download, '--directory', root, '--name', bad)).toMatchObject({ exit: 2 });
    }
    const good = await place(download, '--directory', root, '--name', 'verify.txt');
    expect(good.path).toBe(join(root, 'verify.txt'));
    expect(good.warnings.join()).toContain('smtpeter-*.txt');
  });

  it.each([
    ['smtpeter-x1.TXT', ['--name smtpeter-x1.txt']],
    ['smtpeter-x1_(1).txt', ['--name smtpeter-x1.txt', '--name smtpeter-x1_.txt']],
  ])('%s is not guessed at: the names that may be meant are told', async (own, names) => {
    const { download, root } = site(own);
    const result = await place(download, '--directory', root);
    expect(result).toMatchObject({ exit: 1, code: 'ERR_NAME' });
    for (const one of names) expect(result.hint).toContain(one);
    expect(readdirSync(root)).toEqual([]);
  });

  it('what is no verification file is refused with its name', async () => {
    for (const [text, word] of [
      ['', /empty/],
      [' \r\n\t\n', /white space/],
      ['\ufeff\n<!DOCTYPE html><html>', /HTML/],
      ['PK\x03\x04rest', /zip/],
      ['a\0b', /binary/],
    ] as const) {
      const { download, root } = site(name, text);
      const result = await place(download, '--directory', root);
      expect(result).toMatchObject({ exit: 1, ok: false });
      expect(result.message).toMatch(word);
      expect(readdirSync(root)).toEqual([]);
    }
    const { download, root } = site(name, Buffer.alloc(65_536, 'x'));
    expect((await place(download, '--directory', root)).exit).toBe(0);
    truncateSync(download, 1024 ** 4);
    expect(await place(download, '--directory', root)).toMatchObject({ exit: 1 });
  });

  it('pipes, devices, sockets and directories are refused without waiting; a link to a file is fine', async () => {
    const { folder, download, root } = site();
    execFileSync('mkfifo', [join(folder, 'smtpeter-pipe.txt')]);
    symlinkSync('/dev/zero', join(folder, 'smtpeter-zero.txt'));
    mkdirSync(join(folder, 'smtpeter-dir.txt'));
    for (const one of ['pipe', 'zero', 'dir']) {
      expect(await place(join(folder, `smtpeter-${one}.txt`), '--directory', root), one).toMatchObject({
        exit: 1,
        ok: false,
      });
    }
    symlinkSync(download, join(folder, 'smtpeter-link.txt'));
    expect(await place(join(folder, 'smtpeter-link.txt'), '--directory', root)).toMatchObject({
      exit: 0,
      path: join(root, 'smtpeter-link.txt'),
    });
  });

  it('misuse is exit 2, what is missing is exit 3', async () => {
    const { folder, download, root } = site();
    for (const args of [
      [download],
      [download, '--webroot', root],
      [download, '--webroot', root, '--directory', root],
      [download, '--directory', root, '--root'],
      [download, '--webroot', root, '--url', 'example.com/x'],
      [download, '--directory', ''],
      [download, '--bogus'],
      [download, 'more', '--directory', root],
      ['--directory', root],
    ]) {
      expect(await place(...args), args.join(' ')).toMatchObject({ exit: 2, ok: false });
    }
    for (const args of [
      [join(folder, 'smtpeter-none.txt'), '--directory', root],
      [download, '--directory', join(folder, 'none')],
      [download, '--webroot', join(folder, 'none'), '--root'],
      [download, '--directory', download],
      [download, '--handler', join(folder, 'none.php')],
    ]) {
      expect(await place(...args), args.join(' ')).toMatchObject({ exit: 3, ok: false });
    }
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('links', () => {
  it('the directory that is named may be one; the way below it may stay inside, and not lead out', async () => {
    const { folder, download, root } = site();
    mkdirSync(join(root, 'real'));
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync('html', join(folder, 'current'));
    symlinkSync('real', join(root, 'inside'));
    symlinkSync('../elsewhere', join(root, 'out'));
    symlinkSync('nowhere', join(root, 'broken'));
    symlinkSync('loop', join(root, 'loop'));
    const at = (way: string) =>
      place(download, '--webroot', join(folder, 'current'), '--url', `https://example.com/${way}/x.php`);
    expect(await at('inside/new')).toMatchObject({ exit: 0, path: join(root, 'real', 'new', name) });
    for (const way of ['out', 'out/new', 'broken', 'loop'])
      expect(await at(way), way).toMatchObject({ exit: 1, ok: false });
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('the final name is never one, with --force neither', async () => {
    const { folder, download, root } = site();
    const target = join(folder, 'passwd');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(root, name));
    for (const force of [[], ['--force']]) {
      expect(await place(download, '--directory', root, ...force)).toMatchObject({ exit: 1, ok: false });
    }
    expect([readFileSync(target, 'utf8'), readlinkSync(join(root, name))]).toEqual(['precious', target]);
  });

  it('a directory, a pipe or a file in the way is refused', async () => {
    const { download, root } = site();
    mkdirSync(join(root, name));
    expect(await place(download, '--directory', root, '--force')).toMatchObject({ exit: 1 });
    writeFileSync(join(root, 'dir'), '');
    expect(await place(download, '--webroot', root, '--url', url)).toMatchObject({ exit: 1 });
    expect(existsSync(join(root, 'dir', 'sub dir'))).toBe(false);
  });
});

describe('for people', () => {
  it('says the rule, the URL and what to do, without colours where NO_COLOR asks for none, or in a pipe', async () => {
    const { download, root } = site();
    for (const env of [
      { NO_COLOR: '1', FORCE_COLOR: '1' },
      { NO_COLOR: '', CI: '1' },
    ]) {
      const { code, stdout } = await run(['place', download, '--webroot', root, '--url', url], { env });
      expect(code).toBe(0);
      expect(stdout).not.toContain('\u001b');
      for (const part of ['rule: webroot', `https://example.com:8443/dir/sub%20dir/${name}`, 'check', 'dashboard'])
        expect(stdout).toContain(part);
    }
    const { stdout } = await run(['place', download, '--webroot', root, '--url', url], {
      env: { NO_COLOR: '', FORCE_COLOR: '1' },
    });
    expect(stdout).toContain('\u001b[');
  });

  it('names that hold escape sequences do not reach the terminal as they are', async () => {
    const { download, root } = site();
    mkdirSync(join(root, '\u001b[2Jx'));
    const placed = await run(['place', download, '--directory', join(root, '\u001b[2Jx')]);
    const failed = await run(['place', '\u001b[2J.txt', '--directory', root]);
    expect(placed.code).toBe(0);
    expect(failed.code).toBe(1);
    expect(placed.stdout + placed.stderr + failed.stdout + failed.stderr).not.toContain('\u001b');
  });

  it('asks nothing without a terminal', async () => {
    const { code, stderr } = await run(['place']);
    expect(code).toBe(2);
    expect(stderr).toContain('place <file>');
  });
});

describe('remove and list', () => {
  it('take away just that file, after comparing it', async () => {
    const { folder, download, root } = site();
    const where = ['--webroot', root, '--url', url];
    await place(download, ...where);
    const path = join(root, 'dir', 'sub dir', name);
    const listed = await json('list', [root, '--url', url]);
    expect(listed).toMatchObject({
      exit: 0,
      ok: true,
      files: [{ path, url: `https://example.com:8443/dir/sub%20dir/${name}`, bytes: contents.length }],
    });
    writeFileSync(join(folder, 'smtpeter-x1 (1).txt'), 'other');
    expect(await json('remove', [join(folder, 'smtpeter-x1 (1).txt'), ...where])).toMatchObject({
      exit: 1,
      ok: false,
      existingSha256: sha256(contents),
    });
    expect(await json('remove', [name, ...where, '--dry-run'])).toMatchObject({
      exit: 0,
      action: 'would-remove',
      path,
    });
    expect(await json('remove', [download, ...where])).toMatchObject({ exit: 0, action: 'removed', path });
    expect(existsSync(path)).toBe(false);
    expect(await json('remove', [name, ...where])).toMatchObject({ exit: 0, action: 'absent' });
    expect(await json('remove', [name, '--webroot', root, '--url', 'https://example.com/never/made/x'])).toMatchObject({
      exit: 0,
      action: 'absent',
    });
    expect(await json('remove', ['index.html', ...where])).toMatchObject({ exit: 1 });
    expect(await json('remove', [join(folder, 'smtpeter-none.txt'), ...where])).toMatchObject({ exit: 3 });
    expect(await json('list', [root])).toMatchObject({ exit: 0, files: [] });
  });

  it('leave links alone', async () => {
    const { folder, root } = site();
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', name), 'x');
    symlinkSync('../elsewhere', join(root, 'out'));
    symlinkSync(join(folder, 'elsewhere', name), join(root, name));
    expect(await json('list', [root])).toMatchObject({ files: [] });
    const refused = await json('remove', [name, '--directory', root]);
    expect(refused).toMatchObject({ exit: 1, code: 'ERR_PLACE_LINK', message: expect.stringContaining('removed') });
    expect(refused.message).not.toContain('written');
    expect(await json('remove', [name, '--webroot', root, '--url', 'https://example.com/out/x'])).toMatchObject({
      exit: 1,
    });
    expect(existsSync(join(folder, 'elsewhere', name))).toBe(true);
    expect(await json('list', [join(folder, 'none')])).toMatchObject({ exit: 3 });
  });
});
