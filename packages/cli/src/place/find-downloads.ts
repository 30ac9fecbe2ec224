import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { realNameOf } from '../verification-name.js';

/** Verification files here and in the download folder, the newest first. */
export function findDownloads(): string[] {
  const folders = [...new Set(['.', ...downloadFolders()].map((folder) => resolve(folder)))];
  const found = folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => realNameOf(name) !== undefined)
        .map((name) => join(folder, name));
    } catch {
      return []; // not there, or not ours to read
    }
  });
  return found
    .map((path) => ({ path, stats: statSync(path, { throwIfNoEntry: false }) }))
    .filter(({ stats }) => stats?.isFile())
    .sort((a, b) => (b.stats?.mtimeMs ?? 0) - (a.stats?.mtimeMs ?? 0))
    .map(({ path }) => path);
}

/** Desktops of other languages name the folder in a file of their own: https://www.freedesktop.org/wiki/Software/xdg-user-dirs/ */
function downloadFolders(): string[] {
  const home = homedir();
  const usual = join(home, 'Downloads');
  try {
    const text = readFileSync(join(process.env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'user-dirs.dirs'), 'utf8');
    const named = /^XDG_DOWNLOAD_DIR="([^"]+)"/m.exec(text)?.[1];
    return named === undefined ? [usual] : [named.replace(/^\$HOME/, home), usual];
  } catch {
    return [usual];
  }
}
