import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.testing.js';
import { atEnd } from '../vendor.testing.js';

/** Where Debian puts the programs of the newest version; undefined where there are none. */
export const postgresPrograms = (() => {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((path) => existsSync(join(path, 'initdb')));
})();

/** PostgreSQL and PgBouncer refuse to run as root. */
export const isRoot = process.getuid?.() === 0;
/** A user that has nothing. */
export const nobody = () => Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));

/** A PostgreSQL of the test's own, which it may kill. */
export interface OwnServer {
  readonly url: string;
  start(): Promise<void>;
  /** Kills it and all its processes, as a power failure would. */
  kill(): Promise<void>;
}

/** Makes one, in a directory of its own; it is gone at the end of the test. */
export async function ownServer(programs: string): Promise<OwnServer> {
  const as = isRoot ? { uid: nobody(), gid: nobody() } : {};
  // A directory that another user can reach, and a path short enough for a socket.
  const folder = mkdtempSync('/tmp/pg-');
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  let child: ChildProcess | undefined;
  const kill = async () => {
    const running = child;
    if (running?.pid === undefined) return;
    child = undefined;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  atEnd(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill,
    async start() {
      const args = ['-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
      // One that was killed leaves its file of locks, and children that may need a moment to notice.
      for (let tries = 0; tries < 50; tries++) {
        const started = spawn(join(programs, 'postgres'), args, { ...as, cwd: folder, stdio: 'ignore' });
        const ended = new Promise<'ended'>((resolve) => started.once('exit', () => resolve('ended')));
        if ((await Promise.race([ended, reachable(port)])) !== 'ended') {
          child = started;
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error('PostgreSQL does not start');
    },
  };
}

async function reachable(port: number): Promise<'reachable'> {
  const { default: pg } = await import('pg');
  for (;;) {
    const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return 'reachable';
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
