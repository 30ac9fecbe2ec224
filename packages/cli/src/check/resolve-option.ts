import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { misuse } from '../failure.js';

/** Where to connect instead of asking DNS: by `host:port`. */
export type Resolutions = ReadonlyMap<string, readonly LookupAddress[]>;

/** Reads `--resolve host:port:ip[,ip]`, as curl takes it; `*` is every host, IPv6 may stand in brackets. @throws Failure */
export function readResolutions(options: readonly string[]): Resolutions {
  const found = new Map<string, LookupAddress[]>();
  for (const option of options) {
    const match = /^\+?(\*|\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5}):(.+)$/i.exec(option);
    const [, host = '', port = '', list = ''] = match ?? [];
    const addresses = list.split(',').map((one) => one.replace(/^\[(.*)\]$/, '$1'));
    if (match === null || Number(port) > 65_535 || addresses.some((address) => isIP(address) === 0)) {
      throw misuse(
        `--resolve takes host:port:ip, not ${JSON.stringify(option.slice(0, 200))}.`,
        'For instance example.com:443:127.0.0.1.',
      );
    }
    found.set(
      `${host.toLowerCase()}:${Number(port)}`,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  }
  return found;
}

/** A look-up of names that takes these first, and asks the system for others. */
export function lookupWith(resolutions: Resolutions, port: number): LookupFunction {
  return (host, options, callback) => {
    const addresses = resolutions.get(`${host.toLowerCase()}:${port}`) ?? resolutions.get(`*:${port}`);
    const [first] = addresses ?? [];
    if (addresses === undefined || first === undefined) {
      lookup(host, options as LookupAllOptions, callback as (error: Error | null, addresses: LookupAddress[]) => void);
    } else if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
