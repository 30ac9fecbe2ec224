/** What Node says of the response codes (RFC 1035 section 4.1.1) of an answer without records. */
const names = ['ENODATA', 'EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED'];
const TXT = 16;
const INTERNET = 1;
/** The length, the id and the flags. */
const HEAD = 6;

/**
 * Asks a server for the TXT records of a name over TCP, and reads nothing of its answer but the response code. (Over UDP, Deno
 * wants a permission for the socket too, and ends the process where it has none.)
 *
 * @param server - `ip`, `ip:port` or `[ip6]:port`.
 * @returns the code that Node's resolver throws when there are no records; `ETIMEOUT` when the connection ends, or `signal` is
 *   aborted, before there is an answer. Never rejects.
 */
export function errorCode(name: string, server: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const query = queryOf(name);
    const { connect } = process.getBuiltinModule('node:net');
    const socket = connect(placeOf(server));
    const end = () => socket.destroy();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    let answer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < HEAD) return;
      resolve(
        answer.readUInt16BE(2) === query.readUInt16BE(2)
          ? (names[answer.readUInt8(5) & 0x0f] ?? 'unknown')
          : 'EBADRESP',
      );
      end();
    });
    socket.on('error', end);
    socket.on('close', () => resolve('ETIMEOUT'));
    socket.write(query);
  });
}

/** One question behind its length, with the wish for recursion; its id is a random one. */
function queryOf(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
  const question = Buffer.concat([...labels, Buffer.from([0, 0, TXT, 0, INTERNET])]);
  const head = Buffer.alloc(14);
  head.writeUInt16BE(12 + question.length);
  head.writeUInt16BE(globalThis.crypto.getRandomValues(new Uint16Array(1))[0] ?? 0, 2);
  head.writeUInt16BE(0x0100, 4);
  head.writeUInt16BE(1, 6);
  return Buffer.concat([head, question]);
}

function placeOf(server: string): { host: string; port: number } {
  const colon = server.lastIndexOf(':');
  const hasPort = server.startsWith('[') ? server.lastIndexOf(']') < colon : server.indexOf(':') === colon && colon > 0;
  const host = (hasPort ? server.slice(0, colon) : server).replace('[', '').replace(']', '');
  return { host, port: hasPort ? Number(server.slice(colon + 1)) : 53 };
}
