/** An IP address that was found valid. */
export interface IpAddress {
  /** As it came. */
  readonly address: string;
  readonly version: 4 | 6;
}

// RFC 3986 section 3.2.2, dec-octet: no leading zeros, which some read as octal.
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Undefined when it is no address. Zones (`fe80::1%eth0`) and ports do not belong to one. */
export function parseIp(address: string): IpAddress | undefined {
  if (ipv4.test(address)) return { address, version: 4 };
  const isIpv6 = /^[0-9a-fA-F:.]{2,45}$/.test(address) && address.includes(':') && URL.canParse(`http://[${address}]/`);
  return isIpv6 ? { address, version: 6 } : undefined;
}
