import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryName } from '../files/litter.js';
import { OpenDirectory } from '../files/open-directory.js';
import { type Naming, writeFile } from './write-file.js';

const bytes = Buffer.from('contents');
let folder = '';
let directory: OpenDirectory;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smtpeter-write-'));
  directory = OpenDirectory.named(folder);
});
afterEach(() => {
  directory.close();
  rmSync(folder, { recursive: true, force: true });
});

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe('a file system without hard links', () => {
  const naming: Naming = { link: failing('EPERM'), rename: renameSync };

  it('gets the file by a rename, and leaves what is there alone', () => {
    expect(writeFile(directory, 'a.txt', bytes, false, naming)).toEqual({ action: 'created' });
    expect(readFileSync(join(folder, 'a.txt'))).toEqual(bytes);
    expect(writeFile(directory, 'a.txt', Buffer.from('other'), false, naming).action).toBe('conflict');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });
});

it('another file that comes to be there in the last instant is looked at anew', () => {
  const naming: Naming = {
    link() {
      writeFileSync(join(folder, 'a.txt'), 'of another run');
      failing('EEXIST')();
    },
    rename: renameSync,
  };
  expect(writeFile(directory, 'a.txt', bytes, false, naming).action).toBe('conflict');
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('of another run');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

it('a system that refuses is told, and nothing is left behind', () => {
  expect(() => writeFile(directory, 'a.txt', bytes, false, { link: failing('EIO'), rename: renameSync })).toThrow(
    'EIO',
  );
  expect(readdirSync(folder)).toEqual([]);
});

describe('litter', () => {
  it('of a live run stays, of a dead one goes, and other files are not touched', () => {
    const live = temporaryName();
    const dead = live.replace(`-${process.pid}-`, '-4194999-');
    for (const name of [live, dead, '.smtpeter-webhooks-x.tmp', 'index.html']) writeFileSync(join(folder, name), '');
    writeFile(directory, 'a.txt', bytes, false);
    expect(readdirSync(folder).sort()).toEqual(['.smtpeter-webhooks-x.tmp', live, 'a.txt', 'index.html'].sort());
  });

  it('the number of a dead run may be a live process of today', () => {
    const reused = temporaryName().replace(/-(\d+)-(\d+)-/, `-${process.pid}-1-`);
    writeFileSync(join(folder, reused), '');
    writeFile(directory, 'a.txt', bytes, false);
    expect(readdirSync(folder)).toEqual(process.platform === 'linux' ? ['a.txt'] : [reused, 'a.txt']);
  });
});

it.skipIf(process.platform !== 'linux')(
  'a directory that is swapped for a link meanwhile (on Linux): the file goes where it was',
  () => {
    const site = join(folder, 'site');
    const outside = join(folder, 'outside');
    for (const one of [site, outside]) mkdirSync(one);
    const held = OpenDirectory.named(site);
    renameSync(site, join(folder, 'moved'));
    symlinkSync(outside, site);
    writeFile(held, 'a.txt', bytes, false);
    held.close();
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(folder, 'moved'))).toEqual(['a.txt']);
  },
);
