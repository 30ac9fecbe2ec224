import { connect, type Socket } from 'node:net';

/*
 * A process that sends calls which are ready in memory, over connections that are kept open, one call at a time on each.
 * It is told what to do by messages, and answers with one for each.
 */

/** What the load is asked for. */
export type LoadOrder =
  /** Keeps the calls in memory, under a name. */
  | { readonly do: 'keep'; readonly name: string; readonly calls: readonly string[] }
  /** Sends them in turn. */
  | {
      readonly do: 'send';
      readonly name: string;
      readonly port: number;
      readonly connections: number;
      /** So long, or until so many have been answered. */
      readonly seconds?: number;
      readonly count?: number;
      /** Calls a second; without it each connection sends as soon as it has its answer. */
      readonly rate?: number;
      /** It may sleep while it waits for answers; for servers that share its core. */
      readonly mayDoze?: boolean;
    };

/** What came of it. */
export interface LoadReport {
  readonly answered: number;
  readonly seconds: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Median of the time from sending to the whole answer. */
  readonly p50Ms: number;
  /** The 99th percentile of it. */
  readonly p99Ms: number;
  /** Processor time of the load itself. */
  readonly cpuMs: number;
}

const kept = new Map<string, readonly Buffer[]>();
/** Where each set of calls goes on, so that a call comes round only when all others have been sent. */
const positions = new Map<string, number>();

// Without the bench there is nobody to work for.
process.on('disconnect', () => process.exit());

process.on('message', async (order: LoadOrder) => {
  if (order.do === 'keep') {
    kept.set(
      order.name,
      order.calls.map((text) => Buffer.from(text, 'base64')),
    );
    process.send?.({ answered: 0, seconds: 0, statuses: {}, p50Ms: 0, p99Ms: 0, cpuMs: 0 } satisfies LoadReport);
    return;
  }
  process.send?.(await send(order));
});

async function send(order: Extract<LoadOrder, { do: 'send' }>): Promise<LoadReport> {
  const calls = kept.get(order.name) ?? [];
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  let answered = 0;
  let sent = 0;
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => connected(order.port)));
  const usedBefore = process.cpuUsage();
  const started = performance.now();
  const ends = order.seconds === undefined ? Number.POSITIVE_INFINITY : started + order.seconds * 1000;
  const limit = order.count ?? Number.POSITIVE_INFINITY;
  const position = `${order.name} ${order.port}`;
  let awake = order.mayDoze !== true;
  const next = (): Buffer => {
    const at = positions.get(position) ?? 0;
    positions.set(position, (at + 1) % calls.length);
    sent++;
    return calls[at] as Buffer;
  };
  /** When the next call may be sent. */
  const due = () => (order.rate === undefined ? 0 : started + (sent / order.rate) * 1000);
  const over = () => sent >= limit || performance.now() >= ends;
  const serve = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let text = '';
      let since = 0;
      const go = () => {
        if (over()) return void socket.destroy();
        const wait = due() - performance.now();
        if (wait > 0.2) return void setTimeout(go, wait);
        const call = next();
        since = performance.now();
        socket.write(call);
      };
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const status = wholeAnswer(text);
        if (status === undefined) return;
        times.push(performance.now() - since);
        statuses[status] = (statuses[status] ?? 0) + 1;
        answered++;
        text = '';
        go();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve());
      go();
    });
  // To wake a process that sleeps costs the one that writes to it as much as a small call; the slower a server, the
  // oftener it would pay. A network card does not sleep either.
  const stayAwake = () => void (awake && setImmediate(stayAwake));
  stayAwake();
  await Promise.all(sockets.map(serve));
  awake = false;
  times.sort((a, b) => a - b);
  const used = process.cpuUsage(usedBefore);
  return {
    answered,
    seconds: (performance.now() - started) / 1000,
    statuses,
    p50Ms: times[times.length >> 1] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    cpuMs: (used.user + used.system) / 1000,
  };
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** The status, once the whole answer is there. */
function wholeAnswer(text: string): string | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head));
  const chunked = length === null && /\r\ntransfer-encoding: chunked/i.test(text.slice(0, head));
  const whole = chunked ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length?.[1] ?? 0);
  return whole ? text.slice(9, 12) : undefined;
}
