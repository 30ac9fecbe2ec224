import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type DoorName, doors } from '../attack-doors.testing.js';
import { call, id, keys, send, signal, url, wire } from '../vendor.testing.js';
import { leavesNothingBehind } from './handles.testing.js';

leavesNothingBehind();

const turn = () => new Promise((resolve) => setImmediate(resolve));
const until = async (holds: () => boolean) => {
  while (!holds()) await turn();
};

/** Connects, writes, and gives the socket and what came back so far. */
async function open(to: string) {
  const { hostname, port } = new URL(to);
  const socket = connect(Number(port), hostname);
  const back = { text: '', closed: false };
  socket.on('data', (chunk) => {
    back.text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    back.closed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, back };
}

/** Connects, and takes the first nine bytes that come back, and no more: the others stay in the kernel. */
async function openNarrow(to: string) {
  const { hostname, port } = new URL(to);
  const begun = signal<string>();
  const onread = {
    buffer: Buffer.alloc(9),
    callback: (length: number, octets: Uint8Array) => {
      begun.resolve(Buffer.from(octets.subarray(0, length)).toString('latin1'));
      return false;
    },
  };
  const socket = connect({ port: Number(port), host: hostname, onread });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, begin: begun.promise };
}

/** Sockets of this process, the server's side among them. */
const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

describe.each<DoorName>(['Express 5', 'Express 4', 'node:http', 'Fetch', 'own server'])('%s', (name) => {
  const start = async (handle: (key: string) => unknown = () => {}) => {
    const handled: string[] = [];
    const door = await doors[name]({
      id,
      url,
      keys: keys(),
      log: false,
      on: {
        '*': async (event) => {
          await handle(event.key);
          handled.push(event.key);
        },
      },
    });
    return { handled, ...door };
  };

  it('a client that resets in the middle of its body holds no room, and its event can come again', async () => {
    const { to, stats, handled } = await start();
    const one = call();
    const octets = wire(one);
    const { socket } = await open(to);
    socket.write(octets.subarray(0, octets.length - 5));
    await until(() => stats().bufferedBytes > 0);
    socket.resetAndDestroy();
    await until(() => stats().bufferedBytes === 0 && stats().inFlight === 0);
    expect(handled).toHaveLength(0);
    expect((await send(to, one)).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it('a client that resets before its answer is through costs nothing, and its repeat is known', async () => {
    const clients: (() => void)[] = [];
    const { to, stats, handled } = await start(() => clients.shift()?.());
    const one = call();
    const { socket, back } = await open(to);
    clients.push(() => socket.resetAndDestroy());
    socket.write(wire(one));
    await until(() => back.closed && handled.length === 1 && stats().inFlight === 0);
    expect((await send(to, one)).status).toBe(200);
    expect(handled).toHaveLength(1);
    expect(stats()).toMatchObject({ bufferedBytes: 0, inFlight: 0 });
  });

  it('a client that resets within its answer, with another call behind it: both are handled once, and known', async () => {
    const gone = signal();
    const entered = signal();
    const steps = [
      () => {},
      () => {
        entered.resolve();
        return gone.promise;
      },
    ];
    const { to, stats, handled } = await start(() => steps.shift()?.());
    const [first, second] = [call(), call()];
    const sockets = openSockets();
    const { socket, begin } = await openNarrow(to);
    // The second one comes while the answer to the first is on its way: it is still handled when the client is gone.
    socket.write(wire(first));
    socket.write(wire(second));
    expect(await begin).toBe('HTTP/1.1 ');
    await entered.promise;
    expect(socket.bytesRead).toBe(9);
    socket.resetAndDestroy();
    await until(() => openSockets() === sockets);
    gone.resolve();
    await until(() => stats().inFlight === 0);
    expect(handled).toHaveLength(2);
    for (const one of [first, second]) expect((await send(to, one)).status).toBe(200);
    expect(handled).toHaveLength(2);
    expect(new Set(handled).size).toBe(2);
    expect(stats()).toMatchObject({ bufferedBytes: 0, inFlight: 0 });
  });

  it('two calls in one write are two answers in their order', async () => {
    const { to, handled } = await start();
    const { socket, back } = await open(to);
    socket.write(Buffer.concat([wire(call()), wire(call())]));
    await until(() => statuses(back.text).length === 2);
    socket.destroy();
    expect(statuses(back.text)).toEqual([200, 200]);
    expect(handled).toHaveLength(2);
  });

  it('nothing behind a refused call is mistaken: it is handled by itself, or not at all', async () => {
    const { to, handled } = await start();
    const forged = call({ fault: 'foreign-key' });
    const second = call();
    const { socket, back } = await open(to);
    socket.write(Buffer.concat([wire(forged), wire(second)]));
    await until(() => back.closed || statuses(back.text).length === 2);
    socket.destroy();
    const [first, ...others] = statuses(back.text);
    expect(first).toBe(401);
    expect(others.every((status) => status === 200)).toBe(true);
    expect(handled).toHaveLength(others.length);
    // Whichever it was: the same call on a connection of its own is answered, and was or is handled once.
    expect((await send(to, second)).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it('the body of a refused call is never read as a call', async () => {
    const { to, handled } = await start();
    const inner = wire(call());
    const outer = call({ fault: 'foreign-key', body: inner });
    const { socket, back } = await open(to);
    socket.write(wire(outer));
    await until(() => back.closed || statuses(back.text).length > 0);
    socket.end();
    await until(() => back.closed);
    expect(statuses(back.text)).toEqual([401]);
    expect(handled).toEqual([]);
  });
});
