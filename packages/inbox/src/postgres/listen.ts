import { connectTo, type PostgresClient, type PostgresPool } from './pool.js';

const AGAIN_MS = 5000;

/**
 * Listens for notifications on a connection of its own. It is a help only: behind a pooler in transaction mode nothing
 * comes, and what polls finds the events all the same.
 */
export function listenOn(pool: Promise<PostgresPool>, channel: string, tell: () => void): () => void {
  let stopped = false;
  let client: PostgresClient | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const lost = () => {
    const old = client;
    client = undefined;
    old?.removeListener('error', lost);
    old?.removeListener('end', lost);
    old?.removeListener('notification', tell);
    old?.release(true);
    if (stopped) return;
    timer = setTimeout(() => void connect(), AGAIN_MS);
    timer.unref();
  };

  const connect = async () => {
    try {
      const open = await pool;
      // A small pool has no connection to spare.
      if ((open.options?.max ?? 10) < 4) return;
      const mine = await connectTo(open);
      client = mine;
      mine.on('error', lost);
      mine.on('end', lost);
      mine.on('notification', tell);
      await mine.query(`LISTEN ${channel}`);
      if (stopped) lost();
      else tell();
    } catch {
      lost();
    }
  };

  void connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    lost();
  };
}
