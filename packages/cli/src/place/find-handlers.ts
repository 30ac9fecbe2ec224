import { closeSync, type Dirent, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAtMost } from '../files/regular-file.js';

const MAX_FILES = 5000;
const MAX_DEPTH = 8;
const MAX_FOUND = 9;
const skipped = new Set(['node_modules', 'vendor', 'dist', 'build', 'coverage', 'test', 'tests', 'tmp', 'storage']);
const code = /\.(?:[cm]?[jt]sx?|php\d?|phtml|rb|pl|cgi|py)$/i;
/** What a handler of these calls speaks of. */
const words = /smtpeter|copernica/i;

/** Scripts below a directory that look like handlers of the calls; links are not followed. */
export function findHandlers(root: string): string[] {
  const found: string[] = [];
  const todo = [{ folder: root, depth: 0 }];
  let looked = 0;
  for (let at = todo.shift(); at !== undefined && found.length < MAX_FOUND; at = todo.shift()) {
    for (const entry of entriesOf(at.folder)) {
      if (looked++ > MAX_FILES || found.length >= MAX_FOUND) return found;
      const path = join(at.folder, entry.name);
      if (entry.isDirectory() && at.depth < MAX_DEPTH && !skipped.has(entry.name) && !entry.name.startsWith('.')) {
        todo.push({ folder: path, depth: at.depth + 1 });
      } else if (entry.isFile() && code.test(entry.name) && (words.test(entry.name) || words.test(startOf(path)))) {
        found.push(path);
      }
    }
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function startOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      return readAtMost(file, 65_536).toString('latin1');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
