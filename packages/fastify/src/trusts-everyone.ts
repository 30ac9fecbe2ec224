import type { FastifyRequest } from 'fastify';

/** Addresses of RFC 5737, which no proxy has; more of them than anyone counts hops. */
const STRANGER = '203.0.113.1';
const CHAIN = [STRANGER, ...Array.from({ length: 64 }, () => '198.51.100.1')].join(', ');

/**
 * Whether the app's `trustProxy` is true. An app does not tell its options, but its requests read addresses by them: so
 * a request of the same make is asked who had sent it, had it come through many proxies that nobody knows.
 */
export function trustsEveryone(request: FastifyRequest): boolean {
  try {
    const raw = { headers: { 'x-forwarded-for': CHAIN }, socket: { remoteAddress: STRANGER } };
    const asked = Object.create(request, { raw: { value: { ...raw, connection: raw.socket } } }) as FastifyRequest;
    return asked.ip === STRANGER && asked.ips !== undefined && asked.ips.length > 64;
  } catch {
    return false;
  }
}
