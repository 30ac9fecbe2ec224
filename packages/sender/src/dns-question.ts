import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import dnsPacket, { type Packet } from 'dns-packet';

/** How a question is asked. */
export interface DnsQuestionOptions {
  /** `ip`, `ip:port` or `[ip6]:port`. */
  readonly server: string;
  /** Default `udp`; a truncated answer is not asked for again. */
  readonly transport?: 'udp' | 'tcp';
  /** Default 2,000. */
  readonly timeoutMs?: number;
}

/** What a DNS server answers about the TXT records of a name. */
export interface DnsTxtAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, … */
  readonly rcode: string;
  readonly truncated: boolean;
  /** The records behind any aliases, each with its strings, and its time to live in seconds. */
  readonly records: readonly { readonly strings: readonly string[]; readonly ttl: number }[];
}

/**
 * Asks one server for the TXT records of a name, with their times to live, which Node's resolver does not give.
 *
 * @throws Error, as a rejection, when no answer that can be read comes in time.
 */
export async function askTxt(name: string, options: DnsQuestionOptions): Promise<DnsTxtAnswer> {
  const id = Math.floor(Math.random() * 65_536);
  const question = dnsPacket.encode({
    type: 'query',
    id,
    flags: dnsPacket.RECURSION_DESIRED,
    questions: [{ type: 'TXT', name }],
  });
  const [host, port] = addressOf(options.server);
  const timeoutMs = options.timeoutMs ?? 2000;
  const message =
    options.transport === 'tcp'
      ? await overTcp(question, host, port, timeoutMs)
      : await overUdp(question, id, host, port, timeoutMs);
  const packet = dnsPacket.decode(message) as Packet & { rcode?: string };
  if (packet.id !== id) throw new Error('The answer is to another question.');
  const records = (packet.answers ?? []).flatMap((answer) => {
    if (answer.type !== 'TXT') return [];
    const data = Array.isArray(answer.data) ? answer.data : [answer.data];
    return [{ strings: data.map((part) => Buffer.from(part as Buffer).toString('latin1')), ttl: answer.ttl ?? 0 }];
  });
  return {
    rcode: packet.rcode ?? 'NOERROR',
    truncated: ((packet.flags ?? 0) & dnsPacket.TRUNCATED_RESPONSE) !== 0,
    records,
  };
}

function addressOf(server: string): [host: string, port: number] {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(server) ?? /^([^:]+)(?::(\d+))?$/.exec(server);
  if (match === null || isIPv6(server)) return [server, 53];
  return [match[1] ?? '', Number(match[2] ?? 53)];
}

function overUdp(question: Buffer, id: number, host: string, port: number, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const finish = (outcome: Buffer | Error) => {
      clearTimeout(timer);
      socket.close();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const timer = setTimeout(() => finish(new Error('No answer in time.')), timeoutMs);
    socket.once('error', finish);
    // Connected, so that only that server is heard.
    socket.connect(port, host, () => {
      socket.on('message', (message) => {
        if (message.length >= 2 && message.readUInt16BE(0) === id) finish(message);
      });
      socket.send(question, (error) => error && finish(error));
    });
  });
}

function overTcp(question: Buffer, host: string, port: number, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let received = Buffer.alloc(0);
    const finish = (outcome: Buffer | Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const timer = setTimeout(() => finish(new Error('No answer in time.')), timeoutMs);
    socket.once('error', finish);
    socket.once('end', () => finish(new Error('The connection was closed.')));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const end = 2 + received.readUInt16BE(0);
      if (received.length >= end) finish(received.subarray(2, end));
    });
  });
}
