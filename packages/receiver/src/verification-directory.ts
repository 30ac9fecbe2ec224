import type { Complain } from './complaints.js';

/** Gives the contents of a file by its name, or undefined when there is none to give. Never rejects. */
export type ReadFile = (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/**
 * Reads files of one directory, anew each time: regular ones of 1 byte to a limit. The directory may be a link, and so
 * may a file that is in it (as where a volume is mounted), but not one that leads out. A pipe does not make it wait.
 *
 * @throws TypeError when the directory is none that can be named, or there is no file system.
 */
export function directoryFiles(directory: string | URL, maxBytes: number, complain: Complain): ReadFile {
  // Not imported: this module is loaded where there is no file system, too.
  const load = globalThis.process?.getBuiltinModule;
  const fs = load?.('node:fs/promises');
  const paths = load?.('node:path');
  const urls = load?.('node:url');
  if (fs === undefined || paths === undefined || urls === undefined) {
    throw new TypeError('verificationFiles: there is no file system here; give { name: contents }.');
  }
  if (directory instanceof URL && directory.protocol !== 'file:') {
    throw new TypeError('verificationFiles: its URL must begin with file:, as new URL(…, import.meta.url) does.');
  }
  const named = directory instanceof URL ? urls.fileURLToPath(directory) : directory;
  if (named === '' || named.includes('\0')) throw new TypeError('verificationFiles: give a directory.');
  const folder = paths.resolve(named);
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = fs.constants;

  async function read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const inside = (path: string, root: string) => path.startsWith(root.endsWith(paths.sep) ? root : root + paths.sep);
    const root = await fs.realpath(folder);
    const path = await fs.realpath(paths.join(root, name));
    // A device must not even be opened: some act on it.
    if (!inside(path, root) || !(await fs.lstat(path)).isFile()) return undefined;
    const file = await fs.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > maxBytes) return undefined;
      // A directory on the way may have been swapped for a link meanwhile.
      const opened =
        process.platform === 'linux' ? await fs.readlink(`/proc/self/fd/${file.fd}`).catch(() => path) : path;
      if (!inside(opened, root)) return undefined;
      const buffer = new Uint8Array(maxBytes + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) break;
      }
      return length === 0 || length > maxBytes ? undefined : buffer.slice(0, length);
    } finally {
      await file.close();
    }
  }

  return async (name) => {
    try {
      return await read(name);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) complain('a verification file cannot be read', error);
      return undefined;
    }
  };
}
