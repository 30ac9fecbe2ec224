import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dnsPacket from 'dns-packet';
import { answerTo, type KeyRecord } from './key-records.js';

/** Where a DNS-over-HTTPS server listens, and what it knows. */
export interface DohServerOptions {
  /** Address to listen on, default `127.0.0.1`. */
  readonly address?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** What stands at which name, as for `startKeyServer`. */
  readonly records?: Readonly<Record<string, KeyRecord>>;
  /** Default true: TXT strings in quotes, as most providers write them. */
  readonly quoted?: boolean;
  /** An HTTP status in place of every answer. */
  readonly status?: number;
}

/** A DNS-over-HTTPS provider in the JSON form, on loopback over plain HTTP. */
export interface DohServer {
  /** What `dohKeys` takes as a provider. */
  readonly url: string;
  /** Puts a record, or a behaviour, at a name (any case). A name without one does not exist. */
  set(name: string, record: KeyRecord): void;
  /** Takes the record away: the name does not exist then. */
  remove(name: string): void;
  /** The names that were asked for so far. */
  queries(): readonly string[];
  /** Ends the server and its connections. */
  close(): Promise<void>;
}

/** RFC 1035 section 3.2.2. */
const types: Readonly<Record<string, number>> = { CNAME: 5, SOA: 6, TXT: 16 };
const rcodes: Readonly<Record<string, number>> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

/** Starts a provider. Behaviours are those of the key server; `silence` leaves the request open. */
export async function startDohServer(options: DohServerOptions = {}): Promise<DohServer> {
  const { address = '127.0.0.1', port = 0, records = {}, quoted = true, status = 200 } = options;
  const zone = new Map(Object.entries(records).map(([name, record]) => [plain(name), record]));
  const queries: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const name = plain(searchParams.get('name') ?? '');
    const type = searchParams.get('type') ?? 'TXT';
    queries.push(name);
    const question = { id: 0, name, type, limit: 65_535 };
    const { replies, delayMs } = answerTo(question, (one) => zone.get(plain(one)));
    const [reply] = replies;
    if (reply === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      send(response, status, reply, quoted);
    }, delayMs);
    timers.add(timer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address() as AddressInfo;
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${host}:${bound.port}/dns-query`,
    set: (name, record) => void zone.set(plain(name), record),
    remove: (name) => void zone.delete(plain(name)),
    queries: () => [...queries],
    close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, status: number, reply: Buffer, quoted: boolean): void {
  response.writeHead(status, { 'Content-Type': 'application/dns-json' });
  response.end(toJson(reply, quoted) ?? reply);
}

/** A DNS message in the JSON form; undefined when it is none. */
function toJson(reply: Buffer, quoted: boolean): string | undefined {
  let packet: ReturnType<typeof dnsPacket.decode>;
  try {
    packet = dnsPacket.decode(reply);
  } catch {
    return undefined;
  }
  const Answer = packet.answers?.map((one) => ({
    name: one.name,
    type: types[one.type] ?? 0,
    TTL: 'ttl' in one ? one.ttl : 0,
    data: one.type === 'TXT' ? textOf([one.data].flat(), quoted) : String('data' in one ? one.data : ''),
  }));
  const rcode = (packet as { readonly rcode?: string }).rcode ?? 'NOERROR';
  const Question = packet.questions?.map((one) => ({ name: one.name, type: types[one.type] ?? 0 }));
  return JSON.stringify({
    Status: rcodes[rcode] ?? 2,
    TC: false,
    RD: true,
    RA: true,
    AD: false,
    CD: false,
    Question,
    ...(Answer?.length ? { Answer } : {}),
  });
}

function textOf(strings: readonly (string | Buffer)[], quoted: boolean): string {
  const texts = strings.map((one) => one.toString('latin1'));
  if (!quoted) return texts.join('');
  return texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(' ');
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
