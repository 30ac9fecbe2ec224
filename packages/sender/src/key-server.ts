import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import dnsPacket from 'dns-packet';
import { answerTo, checkRecord, type KeyRecord, type Question } from './key-records.js';

/** Where a key server listens, and what it knows. */
export interface KeyServerOptions {
  /** Address to listen on, default `127.0.0.1`. */
  readonly address?: string;
  /** For UDP and TCP alike; default 0: a free one. */
  readonly port?: number;
  /** What stands at which name. */
  readonly records?: Readonly<Record<string, KeyRecord>>;
}

/** One question that was asked. */
export interface KeyQuery {
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

/** A DNS server for keys, on loopback: real datagrams, real TCP, and every way in which DNS goes wrong. */
export interface KeyServer {
  readonly address: string;
  readonly port: number;
  /** `address:port`, as resolvers take it. */
  readonly server: string;
  /** Puts a record, or a behaviour, at a name (any case). A name without one does not exist. */
  set(name: string, record: KeyRecord): void;
  /** From now on the name does not exist. */
  remove(name: string): void;
  /** What happens at every name that has nothing of its own; undefined: such a name does not exist. */
  setDefault(record: KeyRecord | undefined): void;
  /** The questions so far, of one name or of all. */
  queries(name?: string): readonly KeyQuery[];
  /** Resolves at the next question. */
  nextQuery(): Promise<KeyQuery>;
  /** Ends its connections, and frees its ports. */
  close(): Promise<void>;
}

/**
 * Starts a key server.
 *
 * @throws TypeError that names the record that is none.
 */
export async function startKeyServer(options: KeyServerOptions = {}): Promise<KeyServer> {
  const { address = '127.0.0.1', port = 0, records = {} } = options;
  const zone = new Zone();
  if (typeof records !== 'object' || records === null)
    throw new TypeError('records must be an object of names and what stands there');
  for (const [name, record] of Object.entries(records)) {
    checkRecord(record, `records[${JSON.stringify(name)}]`);
    zone.set(name, record);
  }
  const { tcp, udp } = await bindBoth(address, port);
  const sockets = new Set<Socket>();
  tcp.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    readMessages(socket, (message) =>
      zone.answer(message, 'tcp', (reply) => socket.writable && socket.write(framed(reply))),
    );
  });
  udp.on('message', (message, from) => {
    zone.answer(message, 'udp', (reply) => udp.send(reply, from.port, from.address, () => {}));
  });
  const bound = tcp.address() as AddressInfo;
  return {
    address: bound.address,
    port: bound.port,
    server: bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`,
    set(name, record) {
      checkRecord(record, 'record');
      zone.set(name, record);
    },
    remove: (name) => zone.remove(name),
    setDefault(record) {
      if (record !== undefined) checkRecord(record, 'record');
      zone.setDefault(record);
    },
    queries: (name) => zone.queries(name),
    nextQuery: () => zone.nextQuery(),
    async close() {
      zone.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

class Zone {
  readonly #records = new Map<string, KeyRecord>();
  readonly #queries: KeyQuery[] = [];
  readonly #events = new EventEmitter();
  readonly #timers = new Set<NodeJS.Timeout>();
  #default: KeyRecord | undefined;

  set(name: string, record: KeyRecord): void {
    this.#records.set(plain(name), record);
  }

  remove(name: string): void {
    this.#records.delete(plain(name));
  }

  setDefault(record: KeyRecord | undefined): void {
    this.#default = record;
  }

  queries(name?: string): readonly KeyQuery[] {
    return name === undefined ? [...this.#queries] : this.#queries.filter((query) => query.name === plain(name));
  }

  nextQuery(): Promise<KeyQuery> {
    return new Promise((resolve) => this.#events.once('query', resolve));
  }

  answer(message: Buffer, transport: 'udp' | 'tcp', reply: (message: Buffer) => void): void {
    const question = readQuestion(message, transport);
    if (question === undefined) return;
    const name = plain(question.name);
    const query = { name, type: question.type, transport };
    this.#queries.push(query);
    this.#events.emit('query', query);
    const find = (one: string) => this.#records.get(plain(one)) ?? this.#default;
    const { replies, delayMs } = answerTo(question, find);
    const send = () => {
      for (const one of replies) reply(one);
    };
    if (delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, delayMs);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function readQuestion(message: Buffer, transport: 'udp' | 'tcp'): Question | undefined {
  try {
    const packet = dnsPacket.decode(message);
    const question = packet.questions?.[0];
    if (question === undefined) return undefined;
    const edns = packet.additionals?.find((one) => one.type === 'OPT');
    // Without EDNS an answer over UDP holds 512 octets (RFC 1035 section 4.2.1).
    const udpSize = edns?.type === 'OPT' ? Math.max(512, edns.udpPayloadSize) : 512;
    return {
      id: packet.id ?? 0,
      name: question.name,
      type: question.type,
      limit: transport === 'udp' ? udpSize : 65_535,
    };
  } catch {
    return undefined;
  }
}

/** One port number for UDP and TCP: a free one for the first may be taken for the second, so it is tried again. */
async function bindBoth(address: string, port: number): Promise<{ tcp: Server; udp: UdpSocket }> {
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer();
    await listening(tcp, () => tcp.listen(port, address));
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    try {
      await listening(udp, () => udp.bind((tcp.address() as AddressInfo).port, address));
      return { tcp, udp };
    } catch (error) {
      await new Promise((resolve) => tcp.close(resolve));
      if (port !== 0 || attempt === 10) throw error;
    }
  }
}

function listening(emitter: EventEmitter, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    emitter.once('error', reject);
    emitter.once('listening', () => {
      emitter.off('error', reject);
      resolve();
    });
    start();
  });
}

/** Over TCP each message comes behind its length in two octets (RFC 1035 section 4.2.2). */
function readMessages(socket: Socket, take: (message: Buffer) => void): void {
  let buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
      const length = buffer.readUInt16BE(0);
      take(buffer.subarray(2, 2 + length));
      buffer = buffer.subarray(2 + length);
    }
  });
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
