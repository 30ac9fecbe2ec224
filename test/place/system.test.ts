import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, emptyFolder } from '../cli/process.testing.js';

const name = 'smtpeter-x1.txt';
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isRoot = process.getuid?.() === 0;
const canUnshare = process.platform === 'linux' && works('unshare', '-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt');
const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeNobody = isRoot && works('setpriv', ...asNobody, process.execPath, bin, '--version');

function site() {
  const folder = emptyFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'html'));
  writeFileSync(join(folder, name), 'x'.repeat(50_000));
  return { folder, root: join(folder, 'html'), download: join(folder, name) };
}

function ended(command: string, args: readonly string[]) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  return { exit: status, ...JSON.parse(stdout) };
}

describe.skipIf(!canUnshare)('file systems (where unshare -rm may mount)', () => {
  const inside = (script: string, root: string, download: string) =>
    ended('unshare', [
      '-rm',
      'sh',
      '-c',
      script,
      'sh',
      root,
      process.execPath,
      bin,
      'place',
      '--json',
      download,
      '--directory',
      root,
    ]);

  it('a full disk: exit 3, and nothing is left behind', () => {
    const { root, download } = site();
    const script = 'r=$1; shift; mount -t tmpfs -o size=32k none $r && "$@"; e=$?; ls -A $r >&2; exit $e';
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', script, 'sh', root, process.execPath, bin, 'place', '--json', download, '--directory', root],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      code: 'ERR_DISK_FULL',
      message: expect.stringContaining('disk is full'),
    });
  });

  it('a full disk with directories to be made: they are taken away again', () => {
    const { root, download } = site();
    const script = 'r=$1; shift; mount -t tmpfs -o size=32k none $r && "$@"; e=$?; ls -A $r >&2; exit $e';
    const where = ['--webroot', root, '--url', 'https://example.com/a/b/c.php'];
    const { status, stderr } = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', script, 'sh', root, process.execPath, bin, 'place', '--json', download, ...where],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([3, '']);
  });

  it('a read-only file system: exit 3, also with --dry-run', () => {
    const { root, download } = site();
    const result = inside('r=$1; shift; mount -t tmpfs -o ro none $r && "$@"', root, download);
    expect(result).toMatchObject({
      exit: 3,
      ok: false,
      code: 'ERR_READ_ONLY',
      message: expect.stringContaining('read-only'),
    });
    const dry = inside('r=$1; shift; mount -t tmpfs -o ro none $r && "$@" --dry-run', root, download);
    expect(dry).toMatchObject({ exit: 3, code: 'ERR_READ_ONLY' });
  });
});

describe.skipIf(!canBeNobody)('missing rights (as nobody, when the tests run as root)', () => {
  const nobody = (...args: string[]) => ended('setpriv', [...asNobody, process.execPath, bin, ...args, '--json']);

  it('a directory that may not be written, one that may not be entered, a source that may not be read', () => {
    const { folder, root, download } = site();
    const written = nobody('place', download, '--directory', root);
    expect(written).toMatchObject({ exit: 3, code: 'ERR_ACCESS' });
    expect(written.message).toMatch(/mode 0755.*nobody/);
    expect(nobody('place', download, '--directory', root, '--dry-run')).toMatchObject({ exit: 3, code: 'ERR_ACCESS' });
    expect(nobody('place', download, '--webroot', root, '--url', 'https://example.com/a/b')).toMatchObject({
      exit: 3,
      code: 'ERR_ACCESS',
    });
    chmodSync(root, 0o700);
    expect(nobody('place', download, '--directory', root)).toMatchObject({ exit: 3, code: 'ERR_ACCESS' });
    chmodSync(download, 0o600);
    chmodSync(root, 0o777);
    expect(nobody('place', download, '--directory', root)).toMatchObject({ exit: 3, code: 'ERR_ACCESS' });
    expect(readdirSync(root)).toEqual([]);
    expect(folder).toBeTruthy();
  });

  it('a directory that may be written and not listed is enough', () => {
    const { root, download } = site();
    chmodSync(root, 0o333);
    execFileSync('chown', ['65534', root]);
    expect(nobody('place', download, '--directory', root)).toMatchObject({ exit: 0, action: 'created' });
    expect(nobody('place', download, '--directory', root)).toMatchObject({ exit: 0, action: 'unchanged' });
    chmodSync(root, 0o555);
    expect(nobody('remove', name, '--directory', root)).toMatchObject({ exit: 3, code: 'ERR_ACCESS' });
  });

  it("one's own file that is closed even to oneself is opened", () => {
    const { root, download } = site();
    chmodSync(root, 0o777);
    nobody('place', download, '--directory', root);
    chmodSync(join(root, name), 0);
    expect(nobody('place', download, '--directory', root)).toMatchObject({
      exit: 0,
      action: 'unchanged',
      warnings: [expect.stringContaining('0644')],
    });
  });
});

describe.skipIf(!works('sh', '-c', 'test -c /dev/full'))('output (where there is /dev/full)', () => {
  it('what could not be told is not done: exit 3', () => {
    const { root, download } = site();
    const script = '"$@" > /dev/full';
    const { status } = spawnSync('sh', [
      '-c',
      script,
      'sh',
      process.execPath,
      bin,
      'place',
      '--json',
      download,
      '--directory',
      root,
    ]);
    expect(status).toBe(3);
  });
});
