import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../free-port.testing.js';
import { until } from './inbox.testing.js';
import { postgresUrl } from './postgres.testing.js';
import { isRoot, nobody } from './postgres-server.testing.js';

const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);

/** True when there is a PgBouncer. */
export const hasPgBouncer = program !== undefined;

/** A PgBouncer in transaction mode before the server of the tests, with fewer connections than its clients. */
export async function pgBouncer(): Promise<{ readonly url: string; stop(): void }> {
  const server = new URL(postgresUrl);
  const port = await freePort();
  const place = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  const database = server.pathname.slice(1);
  const password = server.password === '' ? '' : ` password=${decodeURIComponent(server.password)}`;
  const file = join(place, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
${database} = host=${server.hostname} port=${server.port || 5432} user=${decodeURIComponent(server.username)}${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`,
  );
  const user = isRoot ? { uid: nobody(), gid: nobody() } : {};
  if (user.uid !== undefined) for (const path of [place, file]) chownSync(path, user.uid, user.gid);
  const child = spawn(program ?? '', ['-q', file], { ...user, stdio: 'ignore' });
  const url = `postgres://anyone@127.0.0.1:${port}/${database}`;
  await until(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  }, 'PgBouncer');
  return {
    url,
    stop() {
      child.kill('SIGKILL');
      rmSync(place, { recursive: true, force: true });
    },
  };
}
