import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { isEncrypted } from './node-door.js';

/**
 * Which proxies are believed: how many hops, or addresses (`10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`, one
 * text with commas, or a list), or `true` for whoever connects. Default: none.
 */
export type TrustProxy = boolean | number | string | readonly string[];

/**
 * Decides whether a request came over TLS: its own connection, or what the nearest proxy says if that one is trusted.
 * Of several X-Forwarded-Proto values only the last counts: the others were there before the nearest proxy saw them.
 *
 * @throws TypeError when the option cannot be read.
 */
export function secureBy(option: TrustProxy = false): (request: IncomingMessage) => boolean {
  const trusts = readTrust(option);
  return (request) => {
    if (isEncrypted(request)) return true;
    const values = request.headers['x-forwarded-proto'];
    if (values === undefined || !trusts(request.socket.remoteAddress ?? '')) return false;
    if (values === 'https') return true;
    const last = String(values).split(',').at(-1) ?? '';
    return last.trim().toLowerCase() === 'https';
  };
}

function readTrust(option: TrustProxy): (address: string) => boolean {
  if (typeof option === 'boolean') return () => option;
  if (typeof option === 'number') {
    if (!Number.isInteger(option) || option < 0) throw new TypeError('trustProxy: give a number of hops, 0 or more.');
    return () => option > 0;
  }
  const list = (typeof option === 'string' ? option.split(',') : [...option])
    .map((one) => one.trim())
    .filter((one) => one !== '');
  let trust: (address: string, hop: number) => boolean;
  try {
    trust = proxyAddr.compile(list);
  } catch (error) {
    throw new TypeError('trustProxy: give hops, addresses like 10.0.0.0/8, or loopback, linklocal, uniquelocal.', {
      cause: error,
    });
  }
  return (address) => {
    try {
      return trust(address, 0);
    } catch {
      return false; // no address: the connection is gone already
    }
  };
}
